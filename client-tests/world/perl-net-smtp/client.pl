# Net::SMTP as its documentation shows it. Its methods say true or false; code and message have the last reply.
use strict;
use warnings;
use FindBin qw($RealBin);
use lib "$RealBin/../lib";
use Adapter;
use Net::SMTP;

my %tls = (SSL_ca_file => $ca);
my $smtp = Net::SMTP->new($host, Port => $port, Hello => 'client.example', Timeout => $limit,
                          $tls eq 'implicit' ? (SSL => 1, %tls) : ());

# Where no reply came, Net::Cmd has a code of its own: 421.
sub failed {
  my ($what, @of) = @_;
  print STDERR "$what: ", $smtp->code, ' ', $smtp->message // '', "\n";
  tell_of(word_of($smtp->code, $what), @of);
  return 0;
}

sub send_one {
  my ($id, $text) = @_;
  $smtp->mail($sender) or return failed('mail', $id);
  my %refused;
  for my $recipient (@recipients) {
    $smtp->recipient($recipient) or $refused{$recipient} = [$smtp->code, $smtp->message];
    return failed('recipient', $id) if !$smtp->connected;
  }
  for my $recipient (sort keys %refused) {
    print STDERR "recipient: @{$refused{$recipient}}";
    tell_of(word_of($refused{$recipient}[0], 'recipient'), $id, $recipient);
  }
  if (keys %refused == @recipients) {
    $smtp->reset;
    return;
  }
  $smtp->data or return failed('data', $id);
  $smtp->datasend($text) or return failed('datasend', $id);
  $smtp->dataend or return failed('dataend', $id);
  return tell_of('sent', $id) if !%refused;
  tell_of('sent', $id, $_) for grep { !$refused{$_} } @recipients;
}

if (!$smtp) {
  print STDERR "Net::SMTP->new: $@\n";
  $failed = 1;
} elsif ($tls eq 'starttls' && !$smtp->starttls(%tls)) {
  failed('starttls');
} elsif (@login && !$smtp->auth(@login)) {
  failed('auth');
} else {
  each_mail(\&send_one);
  $smtp->quit;
}
exit $failed;
