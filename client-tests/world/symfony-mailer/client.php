<?php
// Symfony Mailer by a DSN, as the documentation has it; one transport keeps its connection. Its exception's code is the
// reply code.

require '/usr/share/php/Symfony/Component/Mailer/autoload.php';
require __DIR__ . '/../lib/adapter.php';

use Symfony\Component\Mailer\Envelope;
use Symfony\Component\Mailer\Exception\TransportExceptionInterface;
use Symfony\Component\Mailer\Mailer;
use Symfony\Component\Mailer\Transport;
use Symfony\Component\Mime\Address;
use Symfony\Component\Mime\RawMessage;

ini_set('default_socket_timeout', (string) $limit);
$user = $login ? implode(':', array_map('rawurlencode', $login)) . '@' : '';
$scheme = $tls === 'implicit' ? 'smtps' : 'smtp';
$mailer = new Mailer(Transport::fromDsn("$scheme://$user$host:$port?local_domain=client.example"));
$envelope = new Envelope(new Address($sender), Address::createArray($recipients));

foreach (mails() as $id => $text) {
    try {
        $mailer->send(new RawMessage($text), $envelope);
        tell('sent', $id);
    } catch (TransportExceptionInterface $error) {
        $class = (new ReflectionClass($error))->getShortName();
        fwrite(STDERR, "$class: {$error->getMessage()}\n");
        tell(word_of($error->getCode(), $class), $id);
    }
}
exit((int) $failed);
