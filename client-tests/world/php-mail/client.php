<?php
// PHP's mail(), with msmtp as its sendmail_path. It says true or false, and msmtp's words come by standard error.

require __DIR__ . '/../lib/adapter.php';

foreach (mails() as $id => $text) {
    [$subject, $body] = parts_of($text);
    $sent = mail(implode(', ', $recipients), $subject, str_replace("\r\n", "\n", $body), "From: $sender\r\nMessage-ID: $id");
    tell($sent ? 'sent' : 'failed', $id);
}
exit((int) $failed);
