# catalogue(TARGET): a static library that carries every scenario and every provider of scenarios/
# (server/scenario/catalogue.hpp).
#
# Providers are the files right in providers/; mailfault.lua (annotations for editors) is neither. A file that is
# added, changed or removed leads to new tables. An id is a file's name, so it may stand in one folder only.
function(catalogue target)
  set(folder ${CMAKE_SOURCE_DIR}/scenarios)
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed.cmake)
  set(list ${CMAKE_BINARY_DIR}/generated/catalogue.list)
  set(table ${CMAKE_BINARY_DIR}/generated/catalogue.cpp)
  set(provider_list ${CMAKE_BINARY_DIR}/generated/providers.list)
  set(provider_table ${CMAKE_BINARY_DIR}/generated/providers.cpp)

  file(GLOB_RECURSE paths RELATIVE ${folder} CONFIGURE_DEPENDS ${folder}/*.lua)
  set(provider_paths ${paths})
  list(FILTER provider_paths INCLUDE REGEX "^providers/[^/]+\\.lua$")
  list(FILTER paths EXCLUDE REGEX "^(mailfault\\.lua|providers/[^/]+\\.lua)$")
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
    COMMAND ${CMAKE_COMMAND} -D FOLDER=${folder} -D LIST=${list} -D OUTPUT=${table} -D FUNCTION=catalogue -P ${script}
    DEPENDS ${files} ${list} ${script}
    COMMENT "Embedding scenarios/"
    VERBATIM)

  set(lines "")
  set(files "")
  foreach(path IN LISTS provider_paths)
    get_filename_component(id ${path} NAME_WE)
    list(APPEND files ${folder}/${path})
    list(APPEND lines "${id} ${path}")
  endforeach()
  list(SORT lines)
  list(JOIN lines "\n" lines)
  file(GENERATE OUTPUT ${provider_list} CONTENT "${lines}\n")
  add_custom_command(
    OUTPUT ${provider_table}
    COMMAND ${CMAKE_COMMAND} -D FOLDER=${folder} -D LIST=${provider_list} -D OUTPUT=${provider_table}
            -D FUNCTION=provider_catalogue -P ${script}
    DEPENDS ${files} ${provider_list} ${script}
    COMMENT "Embedding scenarios/providers/"
    VERBATIM)
  add_library(${target} STATIC ${table} ${provider_table})
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/server)
endfunction()
