---@meta
-- The language of mailfault's scenarios, for editors with a Lua language server.
-- Made by `mailfault list --annotations`; a test keeps it true.

---@alias duration string|number  "200ms", "5s", "2m", or a number of seconds
---@alias size string|integer  4096, "64kB" (1000), "64KiB" (1024)
---@alias field
---| '"connection"'
---| '"door"'
---| '"peer"'
---| '"host"'
---| '"helo"'
---| '"esmtp"'
---| '"tls"'
---| '"sni"'
---| '"alpn"'
---| '"cipher"'
---| '"client_certificate"'
---| '"resumed"'
---| '"authenticated"'
---| '"mechanism"'
---| '"user"'
---| '"password"'
---| '"message"'
---| '"messages"'
---| '"from"'
---| '"rcpt"'
---| '"rcpts"'
---| '"verb"'
---| '"line"'
---| '"early"'
---| '"pending"'
---| '"size"'
---| '"text"'
---| '"id"'
---| '"date"'
---| '"epoch"'
---| '"now"'
---| '"violations"'
---| '"session_id"'
---| '"detail"'
---| string

---@class Session
---@field connection integer? its number, from 1
---@field door string? the door's name
---@field peer string? the client's address; the claimed one where PROXY or XCLIENT is believed
---@field host string? the server's name
---@field helo string? the name given to EHLO or HELO
---@field esmtp boolean? the client said EHLO
---@field tls string? TLS's version, such as TLSv1.3; not set: there is none
---@field sni string? the name that the client asked for in TLS
---@field alpn string? the protocol chosen in TLS
---@field cipher string? of TLS
---@field client_certificate string? the subject of the client's certificate
---@field resumed boolean? TLS took up an earlier session
---@field authenticated boolean? AUTH succeeded
---@field mechanism string? of AUTH
---@field user string? given to AUTH
---@field password string? given to AUTH
---@field message integer? the message's number on the connection, counted at MAIL
---@field messages integer? messages stored on the connection
---@field from string? the sender
---@field rcpt string? the recipient
---@field rcpts string[]? the accepted recipients
---@field verb string? of the command, in upper case
---@field line string? the command line
---@field early boolean? the command came before the last reply left; at connect and greeting: any byte
---@field pending string? what came and was not looked at
---@field size integer? of the body so far, in bytes
---@field text string? the message, unstuffed
---@field id string? a queue id
---@field date string? the time of day, as in a Date header
---@field epoch integer? seconds since 1970
---@field now number? seconds since the start, nominal
---@field violations string[]? rules of the protocol that the client has broken on this connection, by name
---@field session_id string? an id of the connection, in the provider's manner
---@field detail string? what the server's own reply is about: an option, an address, a reason
local Session = {}

---a reply in RFC 5321's form; several lines from a list or \n, the enhanced code on each. Without text the code's usual one; "" is the bare code
---@param code integer
---@param enhanced_or_text? string|string[]
---@param text? string|string[]
function Session:reply(code, enhanced_or_text, text) end

---these bytes, raw. No code, so no effect by itself: accept():send("250OK\r\n")
---@param bytes string
function Session:send(bytes) end

---the healthy answer with its effect, now; in the body: read on
function Session:proceed() end

---this command gets no answer; the next ones do
function Session:no_reply() end

---334 with the text in base64, then waits for the client's line; * gets 501 and ends the rule
---@param text string
function Session:challenge(text) end

---all that was sent leaves; TLS close_notify; FIN; reads and ignores for linger (real time, 2s; with 0 the client's next bytes meet a RST)
---@param options? {linger?: duration, close_notify?: boolean}
function Session:close(options) end

---all that was sent has been acknowledged (at most 1 s); RST
function Session:reset() end

---reads on, never sends again, keeps the connection until the client or the run ends it
function Session:stall() end

---all that was sent has been acknowledged; then neither side hears the other: no FIN, no RST
function Session:vanish() end

---that fatal alert (a name of RFC 8446 or its number), sealed where keys are on; then FIN
---@param name string|integer
function Session:tls_alert(name) end

---waits; also ends a segment (delay(0))
---@param time duration
function Session:delay(time) end

---takes nothing from the socket for so long (for good); the window closes
---@param time? duration
function Session:stop_reading(time) end

---all that was sent leaves; FIN; the server reads on and can send no more
function Session:half_close() end

---cuts what the stage sends into pieces of n bytes, or lines
---@param pieces integer|"line"
---@param every duration
function Session:drip(pieces, every) end

---cuts it after a byte offset or a text: split("300ms", 10, "250-START"); a cut it doesn't contain isn't made
---@param gap duration
---@param ... integer|string
function Session:split(gap, ...) end

---what the stage sends is what fn(session, text) returns; the effect stays
---@param fn fun(session: Session, text: string): string
function Session:rewrite(fn) end

---from here on, for this connection, other settings: those of TLS too; keep_pending = true executes what came in clear behind STARTTLS inside TLS, as vulnerable servers did
---@param settings UseSettings
function Session:use(settings) end

---the effect happens now, whatever is replied
function Session:accept() end

---the effect doesn't happen, whatever is replied
function Session:discard() end

---once the message is stored, an RFC 3464 report goes to the sender; at `rcpt` of this recipient, at `message` of all; form: "qmail" or "ndr" as those write it; also remote_mta, original, date
---@param options? Dsn
function Session:dsn(options) end

---once the message is stored, an RFC 5965 report goes to the sender: a recipient calls it spam (type "abuse"), or "fraud", "virus", "other", "not-spam"
---@param options? Complaint
function Session:complaint(options) end

---once the message is stored, an RFC 3834 reply of the recipient goes to the sender, as of one who is on holiday
---@param options? AutoReply
function Session:auto_reply(options) end

---a TLS record of this type ("handshake", "alert", … or its number) with these bytes, none or more than a record may hold; sealed where keys are on
---@param type string|integer
---@param bytes? string
function Session:tls_record(type, bytes) end

---what the stage sends leaves in broken TLS records: "mac" (a bit of the tag flipped), "version", "length" (more than comes), "overflow" (more than a record may hold), "plaintext" (in clear where a record should be)
---@param what "mac"|"version"|"length"|"overflow"|"plaintext"
function Session:tls_damage(what) end

---TLS's close_notify leaves; the connection stays, more may be sent
function Session:close_notify() end

---TLS 1.3: new keys for both sides, from here on (RFC 8446 section 4.6.3)
function Session:key_update() end

---TLS 1.2 and before: asks the client for a new handshake
function Session:renegotiate() end

---The next line without CRLF; takes it, no stage sees it. nil and "timeout" or "closed".
---@param time duration
---@return string? line, string? why
function Session:read_line(time) end

---True as soon as the client has sent a byte (a line like the glob); takes nothing.
---@param time duration
---@param glob? string
---@return boolean
function Session:wait(time, glob) end

---@class Chain
local Chain = {}

---a reply in RFC 5321's form; several lines from a list or \n, the enhanced code on each. Without text the code's usual one; "" is the bare code
---@param code integer
---@param enhanced_or_text? string|string[]
---@param text? string|string[]
---@return Chain
function Chain:reply(code, enhanced_or_text, text) end

---these bytes, raw. No code, so no effect by itself: accept():send("250OK\r\n")
---@param bytes string
---@return Chain
function Chain:send(bytes) end

---the healthy answer with its effect, now; in the body: read on
---@return Chain
function Chain:proceed() end

---this command gets no answer; the next ones do
---@return Chain
function Chain:no_reply() end

---334 with the text in base64, then waits for the client's line; * gets 501 and ends the rule
---@param text string
---@return Chain
function Chain:challenge(text) end

---all that was sent leaves; TLS close_notify; FIN; reads and ignores for linger (real time, 2s; with 0 the client's next bytes meet a RST)
---@param options? {linger?: duration, close_notify?: boolean}
---@return Chain
function Chain:close(options) end

---all that was sent has been acknowledged (at most 1 s); RST
---@return Chain
function Chain:reset() end

---reads on, never sends again, keeps the connection until the client or the run ends it
---@return Chain
function Chain:stall() end

---all that was sent has been acknowledged; then neither side hears the other: no FIN, no RST
---@return Chain
function Chain:vanish() end

---that fatal alert (a name of RFC 8446 or its number), sealed where keys are on; then FIN
---@param name string|integer
---@return Chain
function Chain:tls_alert(name) end

---waits; also ends a segment (delay(0))
---@param time duration
---@return Chain
function Chain:delay(time) end

---takes nothing from the socket for so long (for good); the window closes
---@param time? duration
---@return Chain
function Chain:stop_reading(time) end

---all that was sent leaves; FIN; the server reads on and can send no more
---@return Chain
function Chain:half_close() end

---cuts what the stage sends into pieces of n bytes, or lines
---@param pieces integer|"line"
---@param every duration
---@return Chain
function Chain:drip(pieces, every) end

---cuts it after a byte offset or a text: split("300ms", 10, "250-START"); a cut it doesn't contain isn't made
---@param gap duration
---@param ... integer|string
---@return Chain
function Chain:split(gap, ...) end

---what the stage sends is what fn(session, text) returns; the effect stays
---@param fn fun(session: Session, text: string): string
---@return Chain
function Chain:rewrite(fn) end

---from here on, for this connection, other settings: those of TLS too; keep_pending = true executes what came in clear behind STARTTLS inside TLS, as vulnerable servers did
---@param settings UseSettings
---@return Chain
function Chain:use(settings) end

---the effect happens now, whatever is replied
---@return Chain
function Chain:accept() end

---the effect doesn't happen, whatever is replied
---@return Chain
function Chain:discard() end

---once the message is stored, an RFC 3464 report goes to the sender; at `rcpt` of this recipient, at `message` of all; form: "qmail" or "ndr" as those write it; also remote_mta, original, date
---@param options? Dsn
---@return Chain
function Chain:dsn(options) end

---once the message is stored, an RFC 5965 report goes to the sender: a recipient calls it spam (type "abuse"), or "fraud", "virus", "other", "not-spam"
---@param options? Complaint
---@return Chain
function Chain:complaint(options) end

---once the message is stored, an RFC 3834 reply of the recipient goes to the sender, as of one who is on holiday
---@param options? AutoReply
---@return Chain
function Chain:auto_reply(options) end

---a function's turn; on.mail(fn) is on.mail:run(fn)
---@param fn fun(session: Session, argument?: string): Chain?
---@return Chain
function Chain:run(fn) end

---a TLS record of this type ("handshake", "alert", … or its number) with these bytes, none or more than a record may hold; sealed where keys are on
---@param type string|integer
---@param bytes? string
---@return Chain
function Chain:tls_record(type, bytes) end

---what the stage sends leaves in broken TLS records: "mac" (a bit of the tag flipped), "version", "length" (more than comes), "overflow" (more than a record may hold), "plaintext" (in clear where a record should be)
---@param what "mac"|"version"|"length"|"overflow"|"plaintext"
---@return Chain
function Chain:tls_damage(what) end

---TLS's close_notify leaves; the connection stays, more may be sent
---@return Chain
function Chain:close_notify() end

---TLS 1.3: new keys for both sides, from here on (RFC 8446 section 4.6.3)
---@return Chain
function Chain:key_update() end

---TLS 1.2 and before: asks the client for a new handshake
---@return Chain
function Chain:renegotiate() end

---@class Rule
local Rule = {}

---the field is the value: a glob, number, boolean, or a list; without a value: is set
---@param field field
---@param value? any
---@return Rule
function Rule:where(field, value) end

---the field isn't the value; without a value: isn't set
---@param field field
---@param value? any
---@return Rule
function Rule:unless(field, value) end

---short for where("rcpt", glob)
---@param glob string|string[]
---@return Rule
function Rule:to(glob) end

---short for where("from", glob)
---@param glob string|string[]
---@return Rule
function Rule:from(glob) end

---short for where("user", glob)
---@param glob string|string[]
---@return Rule
function Rule:user(glob) end

---short for where("verb", glob)
---@param glob string|string[]
---@return Rule
function Rule:verb(glob) end

---fn(session, argument) returns true; it may not wait
---@param fn fun(session: Session, argument?: string): boolean?
---@return Rule
function Rule:matching(fn) end

---the event's number is at most n (in the last window); less than the time since the first event
---@param n integer|duration
---@param window? duration
---@return Rule
function Rule:first(n, window) end

---the event's number is above n (in the last window); not less than the time since the first event
---@param n integer|duration
---@param window? duration
---@return Rule
function Rule:after(n, window) end

---the event's number is n
---@param n integer
---@return Rule
function Rule:nth(n) end

---the event's number is a multiple of n
---@param n integer
---@return Rule
function Rule:every(n) end

---count apart for each value of the fields
---@param ... field
---@return Rule
function Rule:per(...) end

---more than n connections are open, this one included (per the same fields)
---@param n integer
---@return Rule
function Rule:open_above(n) end

---with probability p, drawn last, from the session's stream of --seed
---@param p number
---@return Rule
function Rule:chance(p) end

---the point inside a stage that takes time: bytes of content, silence of idle, the server's next TLS message of handshake, such as "certificate", the number of a challenge of auth
---@param point size|duration|string|integer
---@return Rule
function Rule:at(point) end

---a reply in RFC 5321's form; several lines from a list or \n, the enhanced code on each. Without text the code's usual one; "" is the bare code
---@param code integer
---@param enhanced_or_text? string|string[]
---@param text? string|string[]
---@return Rule
function Rule:reply(code, enhanced_or_text, text) end

---these bytes, raw. No code, so no effect by itself: accept():send("250OK\r\n")
---@param bytes string
---@return Rule
function Rule:send(bytes) end

---the healthy answer with its effect, now; in the body: read on
---@return Rule
function Rule:proceed() end

---this command gets no answer; the next ones do
---@return Rule
function Rule:no_reply() end

---334 with the text in base64, then waits for the client's line; * gets 501 and ends the rule
---@param text string
---@return Rule
function Rule:challenge(text) end

---all that was sent leaves; TLS close_notify; FIN; reads and ignores for linger (real time, 2s; with 0 the client's next bytes meet a RST)
---@param options? {linger?: duration, close_notify?: boolean}
---@return Rule
function Rule:close(options) end

---all that was sent has been acknowledged (at most 1 s); RST
---@return Rule
function Rule:reset() end

---reads on, never sends again, keeps the connection until the client or the run ends it
---@return Rule
function Rule:stall() end

---all that was sent has been acknowledged; then neither side hears the other: no FIN, no RST
---@return Rule
function Rule:vanish() end

---that fatal alert (a name of RFC 8446 or its number), sealed where keys are on; then FIN
---@param name string|integer
---@return Rule
function Rule:tls_alert(name) end

---waits; also ends a segment (delay(0))
---@param time duration
---@return Rule
function Rule:delay(time) end

---takes nothing from the socket for so long (for good); the window closes
---@param time? duration
---@return Rule
function Rule:stop_reading(time) end

---all that was sent leaves; FIN; the server reads on and can send no more
---@return Rule
function Rule:half_close() end

---cuts what the stage sends into pieces of n bytes, or lines
---@param pieces integer|"line"
---@param every duration
---@return Rule
function Rule:drip(pieces, every) end

---cuts it after a byte offset or a text: split("300ms", 10, "250-START"); a cut it doesn't contain isn't made
---@param gap duration
---@param ... integer|string
---@return Rule
function Rule:split(gap, ...) end

---what the stage sends is what fn(session, text) returns; the effect stays
---@param fn fun(session: Session, text: string): string
---@return Rule
function Rule:rewrite(fn) end

---from here on, for this connection, other settings: those of TLS too; keep_pending = true executes what came in clear behind STARTTLS inside TLS, as vulnerable servers did
---@param settings UseSettings
---@return Rule
function Rule:use(settings) end

---the effect happens now, whatever is replied
---@return Rule
function Rule:accept() end

---the effect doesn't happen, whatever is replied
---@return Rule
function Rule:discard() end

---once the message is stored, an RFC 3464 report goes to the sender; at `rcpt` of this recipient, at `message` of all; form: "qmail" or "ndr" as those write it; also remote_mta, original, date
---@param options? Dsn
---@return Rule
function Rule:dsn(options) end

---once the message is stored, an RFC 5965 report goes to the sender: a recipient calls it spam (type "abuse"), or "fraud", "virus", "other", "not-spam"
---@param options? Complaint
---@return Rule
function Rule:complaint(options) end

---once the message is stored, an RFC 3834 reply of the recipient goes to the sender, as of one who is on holiday
---@param options? AutoReply
---@return Rule
function Rule:auto_reply(options) end

---a function's turn; on.mail(fn) is on.mail:run(fn)
---@param fn fun(session: Session, argument?: string): Chain?
---@return Rule
function Rule:run(fn) end

---a TLS record of this type ("handshake", "alert", … or its number) with these bytes, none or more than a record may hold; sealed where keys are on
---@param type string|integer
---@param bytes? string
---@return Rule
function Rule:tls_record(type, bytes) end

---what the stage sends leaves in broken TLS records: "mac" (a bit of the tag flipped), "version", "length" (more than comes), "overflow" (more than a record may hold), "plaintext" (in clear where a record should be)
---@param what "mac"|"version"|"length"|"overflow"|"plaintext"
---@return Rule
function Rule:tls_damage(what) end

---TLS's close_notify leaves; the connection stays, more may be sent
---@return Rule
function Rule:close_notify() end

---TLS 1.3: new keys for both sides, from here on (RFC 8446 section 4.6.3)
---@return Rule
function Rule:key_update() end

---TLS 1.2 and before: asks the client for a new handshake
---@return Rule
function Rule:renegotiate() end

---a reply in RFC 5321's form; several lines from a list or \n, the enhanced code on each. Without text the code's usual one; "" is the bare code
---@param code integer
---@param enhanced_or_text? string|string[]
---@param text? string|string[]
---@return Chain
function reply(code, enhanced_or_text, text) end

---these bytes, raw. No code, so no effect by itself: accept():send("250OK\r\n")
---@param bytes string
---@return Chain
function send(bytes) end

---the healthy answer with its effect, now; in the body: read on
---@return Chain
function proceed() end

---this command gets no answer; the next ones do
---@return Chain
function no_reply() end

---334 with the text in base64, then waits for the client's line; * gets 501 and ends the rule
---@param text string
---@return Chain
function challenge(text) end

---all that was sent leaves; TLS close_notify; FIN; reads and ignores for linger (real time, 2s; with 0 the client's next bytes meet a RST)
---@param options? {linger?: duration, close_notify?: boolean}
---@return Chain
function close(options) end

---all that was sent has been acknowledged (at most 1 s); RST
---@return Chain
function reset() end

---reads on, never sends again, keeps the connection until the client or the run ends it
---@return Chain
function stall() end

---all that was sent has been acknowledged; then neither side hears the other: no FIN, no RST
---@return Chain
function vanish() end

---that fatal alert (a name of RFC 8446 or its number), sealed where keys are on; then FIN
---@param name string|integer
---@return Chain
function tls_alert(name) end

---waits; also ends a segment (delay(0))
---@param time duration
---@return Chain
function delay(time) end

---takes nothing from the socket for so long (for good); the window closes
---@param time? duration
---@return Chain
function stop_reading(time) end

---all that was sent leaves; FIN; the server reads on and can send no more
---@return Chain
function half_close() end

---cuts what the stage sends into pieces of n bytes, or lines
---@param pieces integer|"line"
---@param every duration
---@return Chain
function drip(pieces, every) end

---cuts it after a byte offset or a text: split("300ms", 10, "250-START"); a cut it doesn't contain isn't made
---@param gap duration
---@param ... integer|string
---@return Chain
function split(gap, ...) end

---what the stage sends is what fn(session, text) returns; the effect stays
---@param fn fun(session: Session, text: string): string
---@return Chain
function rewrite(fn) end

---from here on, for this connection, other settings: those of TLS too; keep_pending = true executes what came in clear behind STARTTLS inside TLS, as vulnerable servers did
---@param settings UseSettings
---@return Chain
function use(settings) end

---the effect happens now, whatever is replied
---@return Chain
function accept() end

---the effect doesn't happen, whatever is replied
---@return Chain
function discard() end

---once the message is stored, an RFC 3464 report goes to the sender; at `rcpt` of this recipient, at `message` of all; form: "qmail" or "ndr" as those write it; also remote_mta, original, date
---@param options? Dsn
---@return Chain
function dsn(options) end

---once the message is stored, an RFC 5965 report goes to the sender: a recipient calls it spam (type "abuse"), or "fraud", "virus", "other", "not-spam"
---@param options? Complaint
---@return Chain
function complaint(options) end

---once the message is stored, an RFC 3834 reply of the recipient goes to the sender, as of one who is on holiday
---@param options? AutoReply
---@return Chain
function auto_reply(options) end

---a function's turn; on.mail(fn) is on.mail:run(fn)
---@param fn fun(session: Session, argument?: string): Chain?
---@return Chain
function run(fn) end

---a TLS record of this type ("handshake", "alert", … or its number) with these bytes, none or more than a record may hold; sealed where keys are on
---@param type string|integer
---@param bytes? string
---@return Chain
function tls_record(type, bytes) end

---what the stage sends leaves in broken TLS records: "mac" (a bit of the tag flipped), "version", "length" (more than comes), "overflow" (more than a record may hold), "plaintext" (in clear where a record should be)
---@param what "mac"|"version"|"length"|"overflow"|"plaintext"
---@return Chain
function tls_damage(what) end

---TLS's close_notify leaves; the connection stays, more may be sent
---@return Chain
function close_notify() end

---TLS 1.3: new keys for both sides, from here on (RFC 8446 section 4.6.3)
---@return Chain
function key_update() end

---TLS 1.2 and before: asks the client for a new handshake
---@return Chain
function renegotiate() end

---@alias Starter Rule|fun(fn: fun(session: Session, argument?: string): Chain?): Rule
---@class On
---@field connect Starter accepted, no byte yet (implicit TLS: before the handshake)
---@field handshake Starter the ClientHello has been read
---@field greeting Starter the 220 is due
---@field command Starter any command line, known or not, before its own stage
---@field helo Starter EHLO, HELO
---@field starttls Starter STARTTLS
---@field auth Starter the AUTH exchange is complete, the verdict is due; at(N): its Nth challenge is
---@field mail Starter MAIL
---@field rcpt Starter RCPT
---@field data Starter DATA in a transaction, with or without recipients
---@field content Starter while the body arrives; at(SIZE) says where
---@field message Starter the final dot has been read
---@field rset Starter RSET
---@field noop Starter NOOP
---@field vrfy Starter VRFY
---@field quit Starter QUIT
---@field idle Starter the client's turn, and silence for at(TIME); once each silence
---@field close Starter the connection is over
on = {}

---@class Expect
---@overload fun(fn: fun(run: table): boolean, string?)
---@field outcome fun(what: any) what a correct client makes of it
---@field copies fun(what: any) copies of a message, by the ledger
---@field delivered fun(what: any) a message like this is stored
---@field attempts fun(what: any) how often and how soon the client tries
---@field connections fun(what: any) connections in all and at a time
---@field commands fun(what: any) these commands in this order, others between
---@field never fun(what: any) this doesn't happen
---@field client fun(what: any) of the command under test
expect = {}

---Shared by all sessions of the instance, gone with it; any other name is yours.
---@class State
---@field [any] any
state = {}

---How many times asked for this key.
---@param ... any
---@return integer
function state:count(...) end

---Seconds since first asked for this key.
---@param ... any
---@return number
function state:age(...) end

---Times asked for this key in the last window, this one included.
---@param window duration
---@param ... any
---@return integer
function state:rate(window, ...) end

---The values of the scenario's parameters.
---@type table<string, any>
params = {}

---@class WireSettings
---@field latency? duration
---@field jitter? duration
---@field bandwidth? string|number
---@field read_bandwidth? string|number
---@field mtu? integer larger segments from the client vanish (tier T1)
---@field loss? number share of the client's segments that vanish (tier T1)

---@class TlsSettings
---@field certificate? string a recipe of `mailfault certs`; "good" by default
---@field tls_versions? string|string[] "1.0" to "1.3"; 1.2 and 1.3 by default
---@field ciphers? string|string[] OpenSSL's names, of TLS 1.2 and before or of 1.3
---@field groups? string|string[] OpenSSL's names; one for which the client has sent no key leads to HelloRetryRequest
---@field alpn? string|string[] protocols the server speaks, best first; none fits: no_application_protocol
---@field client_certificate? string "none" (default), "asked", "required" (any one) or "verified" (one that the CA signed)
---@field tickets? string "good" (default), "none", "refused" (a full handshake follows) or "broken" (an alert follows)
---@field ocsp? string the stapled answer: "none" (default), "good", "revoked", "expired", "malformed"
---@field record_size? integer bytes in a record of application data at most, 1 to 16384

---@class UseSettings: TlsSettings
---@field provider? string
---@field capabilities? string[]
---@field wire? WireSettings
---@field keep_pending? boolean what came in clear behind STARTTLS is executed inside TLS

---@class Dsn
---@field action? "failed"|"delayed"|"delivered"|"relayed"|"expanded"
---@field status? string as "5.1.1"
---@field diagnostic? string a reply, as "550 5.1.1 User unknown"
---@field remote_mta? string who gave that reply
---@field after? duration
---@field form? "rfc3464"|"qmail"|"ndr"
---@field original? string is returned in place of the message
---@field date? string is its Date

---@class Complaint
---@field type? "abuse"|"fraud"|"virus"|"other"|"not-spam"
---@field after? duration
---@field original? string is returned in place of the message
---@field date? string is its Date

---@class AutoReply
---@field subject? string
---@field text? string
---@field after? duration
---@field date? string is its Date

---@class Door: TlsSettings
---@field port? integer
---@field state? "open"|"refused"|"dropped"|"silent"
---@field ipv4? string state of IPv4 alone
---@field ipv6? string state of IPv6 alone
---@field tls? "none"|"starttls"|"implicit"
---@field main? boolean the door that a client is given
---@field protocol? "smtp"|"lmtp"
---@field proxy? boolean each connection begins with a PROXY header
---@field wire? WireSettings

---@class Declaration
---@field title string
---@field emulates? string
---@field sources? string[]
---@field params? table<string, {[1]: any, [2]: string}>
---@field needs? table
---@field waive? string[]
---@field patience? {still?: duration, gone?: duration}

---@param declaration Declaration
function scenario(declaration) end

---@param doors table<string, Door>
function doors(doors) end

---@param lines table lines of the EHLO reply, or edits: "+AUTH LOGIN", "-SIZE"
function capabilities(lines) end

---@param users table<string, string> passwords by name
function users(users) end

---@param settings WireSettings
function wire(settings) end

---@param settings TlsSettings
function tls(settings) end

---@class Limits
---@field connections? integer|table connections = { 5, per = "peer" }: connections open at a time. Looked at where `per` is known: at `greeting`, `helo`, `auth` or `mail`
---@field new_connections? table new_connections = { 30, "1m" }: connections made
---@field logins? table logins = { 5, "10m", per = "user" }: AUTH exchanges, right or wrong
---@field messages? table messages = { 10, "1m", per = "user", at = "message" }: messages; looked at at `mail`, or at `data` or `message` if `at` says so
---@field messages_per_connection? integer|table messages_per_connection = 100: MAIL commands of a connection
---@field recipients? table recipients = { 100, "1h", per = "from" }: recipients
---@field recipients_per_message? integer|table recipients_per_message = 50: recipients that a message has
---@field errors? integer|table errors = 20: replies of 400 and above on a connection since its last message that was stored
---@field junk? integer|table junk = 100: NOOP, RSET, VRFY, EXPN and HELP on a connection since its last message that was stored
---@field idle? duration|table idle = "5m": how long the client may be silent while it is its turn, in a body too

---@param settings Limits
function limits(settings) end

---@param transcript string|table
function example(transcript) end

---@param name string whose server it is: "gmail", "ses" …
function provider(name) end
