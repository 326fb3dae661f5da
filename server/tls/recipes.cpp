#include "tls/recipes.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mailfault::tls {

extern const std::string_view recipes_json;

namespace {

namespace json = boost::json;

// One object of the book: each field is taken by its name, and done() says which nobody took.
class Fields {
 public:
  Fields(const json::value& from, std::string place) : place_(std::move(place)) {
    if (!from.is_object()) fail("must be an object");
    object_ = &from.get_object();
  }

  const std::string& place() const { return place_; }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error("certs/recipes.json, " + place_ + ": " + what);
  }

  const json::value* find(std::string_view name) {
    taken_.push_back(name);
    return object_->if_contains(name);
  }
  void text(std::string_view name, std::string& to) {
    if (const auto* value = find(name)) to = text_of(*value, name);
  }
  void flag(std::string_view name, bool& to) {
    const auto* value = find(name);
    if (!value) return;
    if (!value->is_bool()) fail(std::string(name) + " must be true or false");
    to = value->get_bool();
  }
  void whole(std::string_view name, int& to, int least, int most) {
    const auto* value = find(name);
    if (!value) return;
    const auto* number = value->if_int64();
    if (!number || *number < least || *number > most)
      fail(std::string(name) + " must be a whole number from " + std::to_string(least) + " to " +
           std::to_string(most));
    to = static_cast<int>(*number);
  }
  std::string text_of(const json::value& value, std::string_view name) const {
    if (!value.is_string()) fail(std::string(name) + " must be a text");
    return std::string(value.get_string());
  }
  const json::array& list(const json::value& value, std::string_view name) const {
    if (!value.is_array()) fail(std::string(name) + " must be a list");
    return value.get_array();
  }

  void done() const {
    for (const auto& member : *object_)
      if (std::find(taken_.begin(), taken_.end(), std::string_view(member.key())) == taken_.end())
        fail("there is no field '" + std::string(member.key()) + "'" + did_you_mean(member.key(), taken_));
  }

 private:
  std::string place_;
  const json::object* object_ = nullptr;
  std::vector<std::string_view> taken_;
};

std::shared_ptr<const CertificateSpec> read_authority(const json::value& from, const std::string& place,
                                                      const CertificateSpec& usual);

CertificateSpec::Pairs pairs(Fields& fields, const json::value& value, std::string_view name) {
  if (!value.is_object()) fields.fail(std::string(name) + " must be an object");
  CertificateSpec::Pairs read;
  for (const auto& member : value.get_object())
    read.emplace_back(std::string(member.key()), fields.text_of(member.value(), member.key()));
  return read;
}

// What is null goes, what has a new value keeps its turn.
void change_extensions(Fields& fields, const json::value& value, CertificateSpec::Pairs& extensions) {
  if (!value.is_object()) fields.fail("extensions must be an object");
  for (const auto& member : value.get_object()) {
    auto old = std::find_if(extensions.begin(), extensions.end(),
                            [&](const auto& each) { return each.first == std::string_view(member.key()); });
    if (member.value().is_null()) {
      if (old == extensions.end()) fields.fail("there is no extension '" + std::string(member.key()) + "' to remove");
      extensions.erase(old);
    } else if (auto text = fields.text_of(member.value(), member.key()); old != extensions.end()) {
      old->second = std::move(text);
    } else {
      extensions.emplace_back(std::string(member.key()), std::move(text));
    }
  }
}

void read_issuer(Fields& fields, CertificateSpec& spec, const CertificateSpec& authority) {
  const auto* issuer = fields.find("issuer");
  if (!issuer) return;
  spec.made_issuer = nullptr;
  if (issuer->is_object()) {
    spec.made_issuer = read_authority(*issuer, fields.place() + ", issuer", authority);
    return;
  }
  spec.issuer = fields.text_of(*issuer, "issuer");
  if (spec.issuer != "self" && spec.issuer != "root" && spec.issuer != "intermediate")
    fields.fail("issuer '" + spec.issuer + "' is none of: self, root, intermediate, an object");
}

void read_sent(Fields& fields, CertificateSpec& spec, const CertificateSpec& authority) {
  const auto* send = fields.find("send");
  if (!send) return;
  spec.send.clear();
  for (const auto& each : fields.list(*send, "send")) {
    if (each.is_object()) {
      spec.send.push_back({"", read_authority(each, fields.place() + ", send", authority)});
      continue;
    }
    auto what = fields.text_of(each, "send");
    if (what != "issuers" && what != "root" && what != "reversed")
      fields.fail("send '" + what + "' is none of: issuers, root, reversed, an object");
    spec.send.push_back({what, nullptr});
  }
}

// `spec` holds what is usual; `authority` what is usual of an authority that it makes.
void read_certificate(Fields& fields, CertificateSpec& spec, const CertificateSpec& authority) {
  fields.text("key", spec.key);
  fields.whole("primes", spec.primes, 2, 5);
  fields.text("digest", spec.digest);
  fields.whole("from", spec.from, -36500, 36500);
  fields.whole("until", spec.until, -36500, 36500);
  fields.text("serial", spec.serial);
  fields.flag("revoked", spec.revoked);
  fields.whole("levels", spec.levels, 1, 1000);
  if (const auto* subject = fields.find("subject")) spec.subject = pairs(fields, *subject, "subject");
  if (const auto* extensions = fields.find("extensions")) change_extensions(fields, *extensions, spec.extensions);
  if (const auto* names = fields.find("names")) {
    spec.names.reset();
    if (!names->is_null()) {
      spec.names.emplace();
      for (const auto& each : fields.list(*names, "names")) spec.names->push_back(fields.text_of(each, "names"));
    }
  }
  read_issuer(fields, spec, authority);
  read_sent(fields, spec, authority);
  if (spec.revoked && spec.serial.empty()) fields.fail("what is revoked needs a serial number, for the list");
  if (spec.revoked && (spec.made_issuer || spec.issuer == "self"))
    fields.fail("only root and intermediate have a revocation list");
}

std::shared_ptr<const CertificateSpec> read_authority(const json::value& from, const std::string& place,
                                                      const CertificateSpec& usual) {
  Fields fields(from, place);
  auto spec = std::make_shared<CertificateSpec>(usual);
  read_certificate(fields, *spec, usual);
  fields.done();
  return spec;
}

Recipe read_recipe(const json::value& from, const std::string& place, const CertificateSpec& leaf,
                   const CertificateSpec& authority) {
  Fields fields(from, place);
  Recipe recipe;
  fields.text("name", recipe.spec.name);
  fields.text("what", recipe.spec.what);
  if (recipe.spec.name.empty() || recipe.spec.what.empty()) fields.fail("it needs a name and a what");
  recipe.spec.check = "ok";
  fields.text("check", recipe.spec.check);
  recipe.spec.bad = recipe.spec.check != "ok";
  recipe.proof.openssl = recipe.spec.check;
  fields.text("openssl", recipe.proof.openssl);
  fields.text("gnutls", recipe.proof.gnutls);
  fields.text("verify", recipe.proof.name);
  fields.flag("fresh", recipe.fresh);
  fields.text("asked", recipe.asked);
  recipe.leaf = leaf;
  if (const auto* changed = fields.find("leaf")) {
    Fields inner(*changed, recipe.spec.name);
    read_certificate(inner, recipe.leaf, authority);
    inner.done();
  }
  fields.done();
  return recipe;
}

}  // namespace

Book read_book(std::string_view text) {
  boost::system::error_code wrong;
  auto parsed = json::parse(json::string_view(text.data(), text.size()), wrong);
  if (wrong) throw Error("certs/recipes.json: " + wrong.message());
  Fields fields(parsed, "the top");
  auto part = [](Fields& of, std::string_view name) -> const json::value& {
    const auto* value = of.find(name);
    if (!value) of.fail("it needs '" + std::string(name) + "'");
    return *value;
  };

  auto authority = *read_authority(part(fields, "authority"), "authority", {});
  auto leaf = *read_authority(part(fields, "leaf"), "leaf", {});
  Fields authorities(part(fields, "authorities"), "authorities");
  Book book;
  book.root = *read_authority(part(authorities, "root"), "root", authority);
  book.intermediate = *read_authority(part(authorities, "intermediate"), "intermediate", authority);
  authorities.done();
  for (const auto& each : fields.list(part(fields, "recipes"), "recipes"))
    book.recipes.push_back(read_recipe(each, "recipe " + std::to_string(book.recipes.size() + 1), leaf, authority));
  fields.done();
  return book;
}

const Book& book() {
  static const Book read = read_book(recipes_json);
  return read;
}

std::span<const RecipeSpec> recipes() {
  static const auto specs = [] {
    std::vector<RecipeSpec> all;
    for (const auto& recipe : book().recipes) all.push_back(recipe.spec);
    return all;
  }();
  return specs;
}

bool known_recipe(std::string_view name) {
  auto all = recipes();
  return std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
}

const Recipe& recipe_named(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& recipe : book().recipes) {
    if (recipe.spec.name == name) return recipe;
    names.push_back(recipe.spec.name);
  }
  throw Error("there is no certificate '" + std::string(name) + "'" + did_you_mean(name, names) +
              "; 'mailfault certs' lists them");
}

const Proof& proof_of(std::string_view recipe) { return recipe_named(recipe).proof; }

}  // namespace mailfault::tls
