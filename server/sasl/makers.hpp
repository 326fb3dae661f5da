// What the mechanisms' files offer to the table, and what they share.
#pragma once

#include "sasl/mechanism.hpp"

namespace mailfault::sasl {

std::unique_ptr<Mechanism> make_anonymous(Context context);
std::unique_ptr<Mechanism> make_cram_md5(Context context);
std::unique_ptr<Mechanism> make_digest_md5(Context context);
std::unique_ptr<Mechanism> make_external(Context context);
std::unique_ptr<Mechanism> make_login(Context context);
std::unique_ptr<Mechanism> make_ntlm(Context context);
std::unique_ptr<Mechanism> make_oauthbearer(Context context);
std::unique_ptr<Mechanism> make_plain(Context context);
std::unique_ptr<Mechanism> make_scram_sha_1(Context context);
std::unique_ptr<Mechanism> make_scram_sha_1_plus(Context context);
std::unique_ptr<Mechanism> make_scram_sha_256(Context context);
std::unique_ptr<Mechanism> make_scram_sha_256_plus(Context context);
std::unique_ptr<Mechanism> make_xoauth2(Context context);

/// Null: there is no such user.
const std::string* password_of(const Context& context, const std::string& user);
/// Fills in the verdict on a claim: accepted if the user exists, the proof holds, and authzid is empty or the user.
Credentials judged(Credentials claim, bool known, bool proven);
/// The same where the claim has the password itself.
Credentials judged_by_password(const Context& context, Credentials claim);
Credentials refused(Credentials claim, std::string_view reason);
/// `secret` is a view into `text`.
std::string without(std::string_view text, std::string_view secret);

}  // namespace mailfault::sasl
