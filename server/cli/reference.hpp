// The language's reference, made from the tables that the program itself runs on.
#pragma once

#include <string>
#include <string_view>

#include "scenario/action.hpp"
#include "scenario/provider.hpp"

namespace mailfault::reference {

std::string_view name_of(ActionClass kind);
/// How many of a provider's texts have this mark.
std::size_t texts_of(const Provider& provider, ProviderReply::Mark mark);
/// Stages, triggers, actions, fields, replies, providers and expectations as Markdown tables.
std::string tables();
/// scenarios/mailfault.lua: the whole API as LuaLS annotations.
std::string annotations();

}  // namespace mailfault::reference
