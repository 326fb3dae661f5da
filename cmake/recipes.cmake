# recipes(TARGET): a static library that carries certs/recipes.json as mailfault::tls::recipes_json.
function(recipes target)
  set(source ${CMAKE_SOURCE_DIR}/certs/recipes.json)
  set(carrier ${CMAKE_BINARY_DIR}/generated/recipes.cpp)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  file(READ ${source} text)
  file(CONFIGURE OUTPUT ${carrier} CONTENT [[
#include <string_view>
namespace mailfault::tls {
extern const std::string_view recipes_json;
const std::string_view recipes_json = R"recipes(@text@)recipes";
}  // namespace mailfault::tls
]] @ONLY)
  add_library(${target} STATIC ${carrier})
endfunction()
