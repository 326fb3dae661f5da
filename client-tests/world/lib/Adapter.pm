# What an adapter in Perl is told, and how it tells what became of the mail.
package Adapter;
use strict;
use warnings;
use Cwd qw(realpath);
use File::Basename qw(dirname);
use JSON::PP;
use Time::HiRes qw(sleep);
use Exporter qw(import);

our @EXPORT = qw(each_mail word_of tell_of $host $port $tls $ca @login $sender @recipients $limit $failed);
our ($host, $port, $tls, $ca) = ($ENV{SMTP_HOST}, $ENV{SMTP_PORT}, $ENV{MAILFAULT_TLS} || 'none', $ENV{MAILFAULT_CA});
our @login = $ENV{MAILFAULT_AUTH} ? ($ENV{SMTP_USER}, $ENV{SMTP_PASSWORD}) : ();
our ($sender, @recipients) = ($ENV{MAILFAULT_SENDER}, split ' ', $ENV{MAILFAULT_RECIPIENTS});
our $limit = $ENV{MAILFAULT_TIMEOUT};
our $failed = 0;

sub slurp {
  open my $file, '<:raw', $_[0] or die "$_[0]: $!";
  local $/;
  return scalar <$file>;
}

my $names = decode_json(slurp(dirname(realpath($0)) . '/profile.json'))->{names};

# Calls a function with id and text of each message, with the pause that is wanted between two.
sub each_mail {
  my ($send) = @_;
  for my $number (1 .. $ENV{MAILFAULT_MESSAGES}) {
    sleep($ENV{MAILFAULT_IDLE} || 0) if $number > 1;
    my $text = slurp("$ENV{MAILFAULT_MAIL}/$number.eml");
    $text =~ /^Message-ID:\s*(<.*?>)/im;
    $send->($1, $text);
  }
}

# By the reply code that the library gives, else by the name of what it says, as the profile has it.
sub word_of {
  my ($code, $name) = @_;
  if (defined $code && $code =~ /^[45]\d\d$/) {
    return $code =~ /^(525|530|534|535|538)$/ ? 'misconfigured' : $code < 500 ? 'temporary' : 'permanent';
  }
  return $names->{ $name // '' } // 'failed';
}

# Of a message, or of a recipient of it. What is true of all of them, its exit status and output say.
sub tell_of {
  my (@words) = @_;
  $failed = 1 if $words[0] ne 'sent';
  return if @words < 2 || @words == 2 && $ENV{MAILFAULT_MESSAGES} == 1;
  open my $file, '>>', $ENV{MAILFAULT_REPORT} or die "$ENV{MAILFAULT_REPORT}: $!";
  print $file "@words\n";
  close $file;
}

1;
