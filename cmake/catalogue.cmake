# catalogue(TARGET): a static library that carries every scenario of scenarios/ (server/scenario/catalogue.hpp).
#
# Left out are mailfault.lua (annotations for editors) and providers/. A file that is added, changed or removed leads
# to a new table. An id is a file's name, so it may stand in one folder only.
function(catalogue target)
  set(folder ${CMAKE_SOURCE_DIR}/scenarios)
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed.cmake)
  set(list ${CMAKE_BINARY_DIR}/generated/catalogue.list)
  set(table ${CMAKE_BINARY_DIR}/generated/catalogue.cpp)

  file(GLOB_RECURSE paths RELATIVE ${folder} CONFIGURE_DEPENDS ${folder}/*.lua)
  list(FILTER paths EXCLUDE REGEX "^(mailfault\\.lua$|providers/)")
  set(lines "")
  set(ids "")
  set(files "")
  foreach(path IN LISTS paths)
    if(NOT path MATCHES "^([a-z0-9._-]+/)*([a-z0-9._-]+)\\.lua$")
      message(FATAL_ERROR "scenarios/${path}: name it with a-z, 0-9, '.', '-' and '_' only")
    endif()
    set(id ${CMAKE_MATCH_2})
    if(id IN_LIST ids)
      message(FATAL_ERROR "scenarios/${path}: there is another scenario '${id}'; an id is a file's name: rename one")
    endif()
    list(APPEND ids ${id})
    list(APPEND files ${folder}/${path})
    list(APPEND lines "${id} ${path}")  # a space sorts before all that an id may hold
  endforeach()
  list(SORT lines)
  list(JOIN lines "\n" lines)
  file(GENERATE OUTPUT ${list} CONTENT "${lines}\n")

  add_custom_command(
    OUTPUT ${table}
    COMMAND ${CMAKE_COMMAND} -D FOLDER=${folder} -D LIST=${list} -D OUTPUT=${table} -P ${script}
    DEPENDS ${files} ${list} ${script}
    COMMENT "Embedding scenarios/"
    VERBATIM)
  add_library(${target} STATIC ${table})
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/server)
endfunction()
