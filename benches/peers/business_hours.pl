# Business::Hours over the rows of standard input, New York, Monday to Friday 09:00 to 18:00; prints its seconds and the
# sum of the due instants.
use strict;
use warnings;
BEGIN { $ENV{TZ} = 'America/New_York'; }
use Business::Hours;
use Time::HiRes qw(time);

my (@holidays, @rows);
while (<STDIN>) {
    chomp;
    my ($first, $second) = split /,/;
    if ($first eq 'holiday') { push @holidays, $second; }
    else { push @rows, [$first, $second]; }
}
my %day = (Start => '9:00', End => '18:00');
my %off = (Start => undef, End => undef);
my $hours = Business::Hours->new();
$hours->business_hours(
    0 => {Name => 'Sunday', %off}, 1 => {Name => 'Monday', %day}, 2 => {Name => 'Tuesday', %day},
    3 => {Name => 'Wednesday', %day}, 4 => {Name => 'Thursday', %day}, 5 => {Name => 'Friday', %day},
    6 => {Name => 'Saturday', %off},
);
$hours->holidays(@holidays);
my $sum = 0;
my $started = time;
$sum += $hours->add_seconds($_->[0], $_->[1]) for @rows;
printf "%.6f %d\n", time - $started, $sum;
