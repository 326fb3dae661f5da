// The language's reference, made from the tables that the program itself runs on.
#pragma once

#include <string>
#include <string_view>

#include "scenario/action.hpp"

namespace mailfault::reference {

std::string_view name_of(ActionClass kind);
/// Stages, triggers, actions, fields and expectations as Markdown tables.
std::string tables();
/// scenarios/mailfault.lua: the whole API as LuaLS annotations.
std::string annotations();

}  // namespace mailfault::reference
