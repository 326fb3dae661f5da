#include "tls/certificate.hpp"

#include <algorithm>
#include <chrono>
#include <list>
#include <map>
#include <mutex>
#include <unordered_map>

#include "base/text.hpp"
#include "tls/mint.hpp"
#include "tls/names.hpp"

namespace mailfault::tls {
namespace {

using Time = std::chrono::steady_clock::time_point;

constexpr std::size_t most_kept = 1000;
constexpr std::size_t most_bytes = 32 << 20;
// A long-lived process: "good" mustn't expire, nor "not yet valid" become valid.
constexpr auto longest_kept = std::chrono::hours(12);

// What a stranger can make grow by asking for ever new names: bounded in number and in (estimated) bytes.
class Cache {
 public:
  std::shared_ptr<const Identity> find(const std::string& name) {
    std::lock_guard lock(guard_);
    auto found = by_name_.find(name);
    if (found == by_name_.end()) return nullptr;
    if (std::chrono::steady_clock::now() - found->second->made > longest_kept) {
      drop(found->second);
      return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->identity;
  }

  void keep(const std::string& name, std::shared_ptr<const Identity> identity) {
    // Six times: the encoding, what OpenSSL parsed of it, and the names that it keeps apart.
    auto bytes = 4096 + 6 * static_cast<std::size_t>(std::max(0, i2d_X509(identity->leaf.get(), nullptr)));
    std::lock_guard lock(guard_);
    entries_.push_front({name, std::move(identity), std::chrono::steady_clock::now(), bytes});
    by_name_[name] = entries_.begin();
    bytes_ += bytes;
    while (entries_.size() > most_kept || bytes_ > most_bytes) drop(std::prev(entries_.end()));
  }

  std::size_t size() {
    std::lock_guard lock(guard_);
    return entries_.size();
  }

 private:
  struct Entry {
    std::string name;
    std::shared_ptr<const Identity> identity;
    Time made;
    std::size_t bytes;
  };

  void drop(std::list<Entry>::iterator entry) {
    bytes_ -= entry->bytes;
    by_name_.erase(entry->name);
    entries_.erase(entry);
  }

  std::mutex guard_;
  std::list<Entry> entries_;  // the last used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_name_;
  std::size_t bytes_ = 0;
};

// Of a recipe, whatever the names: its key (some take seconds), its issuer, what else is sent.
struct Parts {
  std::mutex guard;  // held while one is minted: who wants the same waits, others don't
  KeyPtr key;
  std::shared_ptr<const Authority> issuer;
  std::vector<std::shared_ptr<const Authority>> extras;
};

Cache& cache() {
  static Cache one;
  return one;
}

Parts& parts_of(const Recipe& recipe) {
  static auto all = [] {
    std::map<std::string, Parts> made;
    for (const auto& each : book().recipes) made[each.spec.name];
    return made;
  }();
  return all.at(recipe.spec.name);
}

std::vector<X509Ptr> to_send(const CertificateSpec& spec, const Parts& parts) {
  std::vector<const Authority*> issuers;  // the leaf's own first, the top one last
  for (const auto* each = parts.issuer.get(); each; each = each->issuer.get()) issuers.push_back(each);
  std::vector<X509Ptr> sent;
  auto send = [&](const Authority* each) { sent.push_back(share(each->certificate.get())); };
  auto extra = parts.extras.begin();
  for (const auto& each : spec.send) {
    if (each.extra) {
      send(extra++->get());
    } else if (issuers.empty()) {
      continue;
    } else if (each.what == "root") {
      send(issuers.back());
    } else if (each.what == "issuers") {
      std::for_each(issuers.begin(), issuers.end() - 1, send);
    } else {
      std::for_each(issuers.rbegin(), issuers.rend(), send);
    }
  }
  return sent;
}

std::shared_ptr<const Identity> make(const Recipe& recipe, Parts& parts, const Names& names) {
  const auto& spec = recipe.leaf;
  if (!parts.key) {
    parts.key = make_key(spec);
    parts.issuer = issuer_of(spec);
    for (const auto& each : spec.send)
      if (each.extra) parts.extras.push_back(make_authority(*each.extra));
  }
  auto made = std::make_shared<Identity>();
  made->key = recipe.fresh ? make_key(spec) : share(parts.key.get());
  made->leaf = make_certificate(spec, names, made->key.get(), parts.issuer.get());
  made->chain = to_send(spec, parts);
  made->issuer = share(parts.issuer ? parts.issuer->certificate.get() : made->leaf.get());
  made->issuer_key = share(parts.issuer ? parts.issuer->key.get() : made->key.get());
  made->revoked = spec.revoked;
  made->weak = is_weak(made->leaf.get()) || std::any_of(made->chain.begin(), made->chain.end(),
                                                        [](const auto& each) { return is_weak(each.get()); });
  return made;
}

std::string cache_name(const Recipe& recipe, const Names& names) {
  auto name = recipe.spec.name + "\n" + names.host + "\n" + names.sni;
  for (const auto& each : names.more) name += "\n" + each;
  return name;
}

}  // namespace

std::shared_ptr<const Identity> mint(std::string_view recipe_name, const Names& given) {
  CleanErrors clean;
  auto names = canonical(given);
  const auto* recipe = &recipe_named(recipe_name);
  if (!names.sni.empty() && !recipe->asked.empty()) recipe = &recipe_named(recipe->asked);
  auto& parts = parts_of(*recipe);
  if (recipe->fresh) {
    std::lock_guard lock(parts.guard);
    return make(*recipe, parts, names);
  }

  auto name = cache_name(*recipe, names);
  if (auto found = cache().find(name)) return found;
  std::lock_guard lock(parts.guard);
  if (auto found = cache().find(name)) return found;  // another thread has just made it
  auto made = make(*recipe, parts, names);
  cache().keep(name, made);
  return made;
}

std::size_t minted() { return cache().size(); }

}  // namespace mailfault::tls
