<?php
// PHPMailer with SMTPKeepAlive for several messages. ErrorInfo is where it says what went wrong, with the reply code.

require '/usr/share/php/libphp-phpmailer/autoload.php';
require __DIR__ . '/../lib/adapter.php';

use PHPMailer\PHPMailer\Exception;
use PHPMailer\PHPMailer\PHPMailer;

$mail = new PHPMailer(true);
$mail->isSMTP();
$mail->Host = $host;
$mail->Port = $port;
$mail->Hostname = 'client.example';
$mail->Timeout = $limit;
$mail->getSMTPInstance()->Timelimit = $limit; // Timeout holds for connecting; a reply may take this long
$mail->SMTPSecure = ['none' => '', 'starttls' => PHPMailer::ENCRYPTION_STARTTLS, 'implicit' => PHPMailer::ENCRYPTION_SMTPS][$tls];
$mail->SMTPKeepAlive = getenv('MAILFAULT_MESSAGES') > 1;
if ($login) {
    $mail->SMTPAuth = true;
    [$mail->Username, $mail->Password] = $login;
}
$mail->setFrom($sender);
foreach ($recipients as $recipient) {
    $mail->addAddress($recipient);
}
// Says of each recipient whether it was taken, where the message was.
$fared = [];
$mail->action_function = function ($sent, $to) use (&$fared) {
    $fared[$to[0][0]] = $sent;
};

foreach (mails() as $id => $text) {
    $fared = [];
    $mail->MessageID = $id;
    [$mail->Subject, $mail->Body] = parts_of($text);
    try {
        $mail->send();
        tell('sent', $id);
    } catch (Exception $error) {
        fwrite(STDERR, "Exception: $mail->ErrorInfo\n");
        preg_match('/SMTP code: (\d{3})/', $mail->ErrorInfo, $found);
        $word = word_of((int) ($found[1] ?? 0), 'Exception');
        foreach (count($recipients) > 1 ? $fared : [] as $recipient => $sent) {
            tell($sent ? 'sent' : $word, $id, $recipient);
        }
        if (count($recipients) == 1 || !$fared) {
            tell($word, $id);
        }
    }
}
$mail->smtpClose();
exit((int) $failed);
