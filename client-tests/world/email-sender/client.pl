# Email::Sender with its SMTP transport; several messages go by the one that keeps its connection.
use strict;
use warnings;
use FindBin qw($RealBin);
use lib "$RealBin/../lib";
use Adapter;
use Email::Sender::Simple qw(sendmail);
use Email::Sender::Transport::SMTP;
use Email::Sender::Transport::SMTP::Persistent;
use Email::Simple;

my $class = 'Email::Sender::Transport::SMTP' . ($ENV{MAILFAULT_MESSAGES} > 1 ? '::Persistent' : '');
my $transport = $class->new(
  host => $host, port => $port, helo => 'client.example', timeout => $limit,
  $tls eq 'none' ? () : (ssl => $tls eq 'implicit' ? 'ssl' : 'starttls', ssl_options => { SSL_ca_file => $ca }),
  @login ? (sasl_username => $login[0], sasl_password => $login[1]) : ());

each_mail(sub {
  my ($id, $text) = @_;
  return tell_of('sent', $id) if eval {
    sendmail(Email::Simple->new($text), { from => $sender, to => \@recipients, transport => $transport });
    1;
  };
  my $error = $@;
  my ($kind) = (ref $error) =~ /^Email::Sender::(.*)/;
  print STDERR ref $error, ': ', (ref $error ? ($error->code // '') . ' ' . $error->message : $error), "\n";
  my @each = $kind && $kind eq 'Failure::Multi' ? $error->failures : ();
  for my $failure (@each) {
    tell_of(word_of($failure->code), $id, $_) for $failure->recipients;
  }
  tell_of(word_of($kind ? $error->code : undef, ref $error), $id) unless @each;
});
exit $failed;
