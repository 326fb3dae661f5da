<?php
// What an adapter in PHP is told, and how it tells what became of the mail.

$host = getenv('SMTP_HOST');
$port = (int) getenv('SMTP_PORT');
$tls = getenv('MAILFAULT_TLS') ?: 'none';
$ca = getenv('MAILFAULT_CA') ?: null;
$login = getenv('MAILFAULT_AUTH') ? [getenv('SMTP_USER'), getenv('SMTP_PASSWORD')] : null;
$sender = getenv('MAILFAULT_SENDER');
$recipients = explode(' ', getenv('MAILFAULT_RECIPIENTS'));
$limit = (int) ceil((float) getenv('MAILFAULT_TIMEOUT'));
$failed = false;

// Id, text and the pause that is wanted between two.
function mails(): iterable
{
    for ($number = 1; $number <= (int) getenv('MAILFAULT_MESSAGES'); ++$number) {
        if ($number > 1) {
            usleep((int) (1e6 * (float) getenv('MAILFAULT_IDLE')));
        }
        $text = file_get_contents(getenv('MAILFAULT_MAIL') . "/$number.eml");
        preg_match('/^Message-ID:\s*(<[^>]*>)/im', $text, $found);
        yield $found[1] => $text;
    }
}

// A text as libraries that write the message themselves want it: its subject, its body.
function parts_of(string $text): array
{
    [$head, $body] = explode("\r\n\r\n", $text, 2);
    preg_match('/^Subject: (.*?)\r?$/im', $head, $found);
    return [$found[1], $body];
}

// By the reply code that the library gives, else by the class of its exception as the profile has it.
function word_of(int $code, string $class = ''): string
{
    if ($code >= 400 && $code < 600) {
        return in_array($code, [525, 530, 534, 535, 538]) ? 'misconfigured' : ($code < 500 ? 'temporary' : 'permanent');
    }
    $profile = json_decode(file_get_contents(dirname(realpath($_SERVER['argv'][0])) . '/profile.json'), true);
    return $profile['names'][$class] ?? 'failed';
}

// Of a message, or of a recipient of it. What is true of all of them, its exit status and output say.
function tell(string ...$words): void
{
    $GLOBALS['failed'] = $GLOBALS['failed'] || $words[0] !== 'sent';
    if (count($words) < 3 && getenv('MAILFAULT_MESSAGES') == 1) {
        return;
    }
    file_put_contents(getenv('MAILFAULT_REPORT'), implode(' ', $words) . "\n", FILE_APPEND);
}
