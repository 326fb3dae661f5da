# embed.cmake: writes a table that server/scenario/catalogue.hpp offers, of scenarios or providers.
#
# usage: cmake -D FOLDER=scenarios -D LIST=FILE -D OUTPUT=FILE.cpp [-D FUNCTION=catalogue] -P cmake/embed.cmake
#
# A line of LIST is "ID PATH", sorted; PATH is below FOLDER. A source becomes a raw string literal, its delimiter one
# that the source doesn't close. A compiler need not take a literal of more than 65,536 bytes, and CMake reads text
# without its carriage returns: then it becomes an array of bytes.
cmake_minimum_required(VERSION 3.25)
if(NOT DEFINED FUNCTION)
  set(FUNCTION catalogue)
endif()

file(STRINGS ${LIST} lines)
set(sources "")
set(entries "")
set(count 0)
foreach(line IN LISTS lines)
  string(REGEX MATCH "^([^ ]+) (.+)$" line "${line}")
  set(id ${CMAKE_MATCH_1})
  set(path ${CMAKE_MATCH_2})
  get_filename_component(folder ${path} DIRECTORY)

  file(SIZE ${FOLDER}/${path} size)
  file(READ ${FOLDER}/${path} text)
  string(LENGTH "${text}" length)
  if(size EQUAL 0)
    set(source "\"\"")
  elseif(size GREATER 60000 OR NOT size EQUAL length)
    file(READ ${FOLDER}/${path} bytes HEX)
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
    string(APPEND sources "constexpr char source_${count}[] = {${bytes}};  // ${path}\n\n")
    set(source "{source_${count}, sizeof source_${count}}")
  else()
    set(delimiter lua)
    set(tries 0)
    string(FIND "${text}" ")${delimiter}\"" clash)
    while(NOT clash EQUAL -1)
      math(EXPR tries "${tries} + 1")
      set(delimiter lua${tries})
      string(FIND "${text}" ")${delimiter}\"" clash)
    endwhile()
    set(source "R\"${delimiter}(${text})${delimiter}\"sv")
  endif()
  string(APPEND entries "    {\"${id}\", \"${folder}\", ${source}},\n")
  math(EXPR count "${count} + 1")
endforeach()

if(count EQUAL 0)
  set(table "std::array<CatalogueEntry, 0> entries{};")
else()
  set(table "CatalogueEntry entries[] = {\n${entries}};")
endif()
file(WRITE ${OUTPUT} "// Made by cmake/embed.cmake from scenarios/.
#include \"scenario/catalogue.hpp\"

#include <array>

namespace mailfault {
namespace {

using namespace std::string_view_literals;  // a compiler needn't count so many characters in a constant

${sources}constexpr ${table}

}  // namespace

std::span<const CatalogueEntry> ${FUNCTION}() { return entries; }

}  // namespace mailfault
")
