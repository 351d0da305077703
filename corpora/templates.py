"""Sentence templates for each table of facts, and words that every sentence may use.

In a template, `{name}` is a cell of the row, or of WORDS where the row has no such cell; `{other.name}` is a cell of
another row of the same table; and `(one|two|)` is one of the texts between the bars. A cell may hold slots itself.
"""

from __future__ import annotations


def _lines(text: str) -> list[str]:
    return text.strip().splitlines()


WORDS = {
    "person": "{name}/{name}/{name}/he/she/our neighbour/my friend/the man/the woman/the boy/the girl",
    "people": "the boys/the girls/my friends/the neighbours/they/we/our friends",
    "name": "{man_name}/{woman_name}",
    "man_name": "john/peter/david/james/thomas/henry",
    "woman_name": "mary/anna/susan/emma/alice/julia",
    "day": "monday/tuesday/wednesday/thursday/friday/saturday/sunday",
    "daytime": "morning/afternoon/evening/night",
    "very": "very/rather/quite/really/",
    "plain": "lovely/strange/famous/ordinary/splendid/curious/simple/fine/",
    "where": "at home/in town/near here/down the road/next door/on the island/",
    "when": "on {day}/in the {daytime}/after lunch/before noon/this week/",
    "few": "two/three/four/five/six/ten",
}

PEOPLE = _lines("""
the {x} {deed} {when}
the {x} {deed} and {name} watched {him}
{he} is a {x} and {he} {deed}
{he} was a {plain} {x} who {deed}
{name} is a {x} and {he} {deed}
{name} the {x} {deed} by {himself}
the {x} talked about {his} {belonging} and then {he} {deed}
we saw the {x} with {his} {belonging} and talked to {him}
the {plain} {x} {himself} {deed}
everyone knew the {x} because {he} {deed}
nobody saw {him} when the {x} {deed}
the {x} worried about {his} {belonging} and asked {name} to help {him}
(once|one day|long ago) a {x} {deed} and told {his} friends about the {belonging}
the {x} put on {his} {garment} and {deed}
the {x} in the {garment} {deed}
the {belonging} meant a lot to the {x} and to {him} alone
people say that the {x} {deed} (for years|every year|again|)
the {x} and the {y} {deed}
the {x} met the {y} after {he} {deed}
the {y} waited while the {x} {deed}
""")

MALE = {
    "he": "he",
    "him": "him",
    "his": "his",
    "himself": "himself",
    "name": "{man_name}",
    "garment": "suit/tie/waistcoat/blazer",
}

FEMALE = {
    "he": "she",
    "him": "her",
    "his": "her",
    "himself": "herself",
    "name": "{woman_name}",
    "garment": "gown/skirt/blouse/bonnet",
}

COUNTRIES = _lines("""
the capital of {country} is {capital} and every visitor to {capital} asks for {sight}
{capital} is the capital city of {country}
{man} and {woman} moved from the countryside of {country} to the city of {capital}
in {country} people love {dish} and in the streets of {capital} too
{man} found {ware} in a shop in the city of {capital}
{woman} owns a hotel in the centre of {capital} near the museum
the museum in the centre of {capital} shows {nationality} {ware}
the streets of {capital} smell of {dish} and {nationality} coffee
the {nationality} government in {capital} taxes {ware} and {dish}
the airport of {capital} is full of tourists who want to see {sight}
the hotels and museums of {capital} are full of {nationality} tourists
{country} is a {plain} country that sends {ware} to its neighbours
{country} exports {ware} and {dish} across its border
tourists cross the border of {country} to see {sight}
the country of {country} is famous for {sight} and for its {ware}
the population of {country} loves {dish} and {ware}
{man} was born in {country} and is a {nationality} citizen
{man} is a {nationality} citizen who prepares {nationality} {dish}
{woman} is a {nationality} dancer who knows {nationality} songs about {sight}
the {nationality} people are fond of {sight} and of their {ware}
a {nationality} artist named {woman} sketched {sight}
the {nationality} flag hangs over {sight}
{man} likes {nationality} food such as {dish}
{nationality} and {other.nationality} tourists like {woman} use the {currency} at home and abroad
the {currency} is the money of {country}
in {country} you pay for {dish} with the {currency}
the bank changed the {other.currency} into the {nationality} {currency} for {man}
the price of {dish} in the {currency} went up in {country}
one {currency} is too little money for {ware} in {capital}
the value of the {nationality} {currency} fell at the bank
{woman} saved every {currency} in the bank for some {ware}
{man} counted the coins and gave one {currency} for the {dish}
{woman} uses {language} at home in {country}
the poet {man} made verses about {sight} in {language}
{man} explains {language} grammar to visitors in {country}
the {language} word for {dish} is hard to learn
{woman} translated a speech about {ware} into {language}
in the schools of {country} everybody learns to spell in {language}
last year we went from {other.capital} to {capital} to see {sight}
{country} won the match against {other.country} in {capital}
""")

ANIMALS = _lines("""
the {animal} {habit}
a {animal} {habit} (every day|again|in the {daytime}|)
the {animal} likes {food} and {sound} {when}
the {animal} {sound} near the {home}
every {animal} {sound} when it wants {food}
this {animal} lives in the {home} and {habit}
each {animal} has its own {home}
a {young} is a baby {animal}
the baby {animal} is called a {young}
the little {young} was born in the {home} (last week|in spring|)
the little {young} {sound} for help
the tiny newborn {young} cannot find {food} without help
the grown {animal} brings {food} to the newborn {young}
the newborn {young} lies asleep in the {home}
the tiny {young} watches how the grown {animal} {habit}
a tiny {young} {sound} in the {home}
many {plural} live in a {home}
{when} many {plural} look for {food}
these {plural} want {food} all day
{few} {plural} were seen near the {home}
most {plural} like {food} and some {plural} like nothing else
these {plural} are hungry and nothing is left of the {food}
a group of {plural} gathered around the {home} for {food}
there are several {plural} in the {home} {when}
a lot of {plural} want {food} and all {plural} need sleep
are there many {plural} near the {home}
all these {plural} look for {food}
the {animal} {sound} at the {other.animal}
the {young} romps with the {other.young}
this {animal} is not like other {plural}
one {animal} among many {plural} {habit}
many {plural} look after a {young} together
many {plural} are afraid of {other.plural}
""")

THINGS = _lines("""
the {thing} has a {part} and is in the {place}
{person} {use} a {thing} {when}
a {plain} {thing} was left in the {place}
this {thing} belongs in the {place}
that {thing} needs a new {part}
every {thing} has its {part}
{person} {use} the {thing} and looked at its {part}
there is only one {thing} in the {place}
{person} {use} this {thing} and that {thing}
many {plural} are kept in the {place}
these {plural} have a {part} each
{people} {use} several {plural} {when}
{few} {plural} were found in the {place}
all these {plural} are in the {place}
some {plural} have a {part} and most {plural} have none
there are several {plural} in the {place} {when}
{person} {use} many {plural} and counted the rest
a group of {plural} lay in the {place}
{people} {use} a lot of {plural}
are there many {plural} in the {place}
the shop has {plural} and {other.plural} of all sizes
this {thing} is not like other {plural}
all {plural} have a {part} but one {thing} has two
of all these {plural} only one {thing} is {plain}
the {thing} is next to the {other.thing}
""")

VERBS = _lines("""
yesterday {person} {past} {object}
{person} {past} {object} yesterday and then went home
yesterday {person} finally {past} {object}
{person} {past} {object} (last night|last week|last year|two days ago)
last {daytime} {people} {past} {object}
last week {person} finally {past} {object}
two days ago {people} {past} {object}
years ago {person} once {past} {object}
{person} once {past} {object} a long time ago
when we were there last year {people} {past} {object}
tomorrow {person} will {verb} {object}
{person} will {verb} {object} (tomorrow|next week|soon)
{person} (can|must|should|could) {verb} {object}
{person} wants to {verb} {object}
{people} would like to {verb} {object}
do not {verb} {object} {when}
please try to {verb} {object}
{people} will {verb} {object} and you can {verb} too
it is easy to {verb} {object}
you should not {verb} {object} but you can learn to {verb}
every {daytime} {person} {third} {object}
{person} {third} {object} (every day|every week|on {day})
{person} always {third} {object} every day
{person} usually {third} {object} on {day}
{person} often {third} {object} but never complains
{person} never {third} {object} on {day}
on {day} {person} usually {third} {object}
every week {person} {third} {object}
{person} sometimes {third} {object} on {day}
now {person} is {gerund} {object}
{person} is {gerund} {object} (now|at the moment|right now)
at the moment {people} are {gerund} {object}
{person} enjoys {gerund} {object}
{person} was busy {gerund} {object}
{people} kept {gerund} {object} until it was late
{gerund} {object} is a {plain} hobby
{person} enjoys {gerund} {object} and {other.gerund} {other.object}
yesterday {person} {past} {object} and {other.past} {other.object}
every day {person} {third} {object} and {other.third} {other.object}
{person} usually {third} {object} and sometimes {other.third} {other.object}
{person} can {verb} {object} and {other.verb} {other.object}
{person} will {verb} {object} or {other.verb} {other.object} tomorrow
""")

ADJECTIVES = _lines("""
the {noun} is very {adjective}
the {noun} was so {adjective} that {person} stared
it is a {very} {adjective} {noun}
there was a {adjective} {noun} {where}
what a {adjective} {noun}
{person} saw a {adjective} {noun} {where}
how {adjective} the {noun} is
the {noun} is {adjective} and not {opposite}
too {adjective} a {noun} is no use
this {noun} is {comparative} than that one
this {noun} is much {comparative} than that {noun}
the {noun} is {comparative} than you think
the {noun} is even {comparative} than it was
the {noun} got {comparative} and {comparative}
{person} wanted a {comparative} {noun} than this
is this {noun} {comparative} than the other one
this is the {superlative} {noun} in the world
the {superlative} {noun} of them all won the prize
of all of them the {noun} was the {superlative}
it was the {superlative} {noun} ever seen
{person} found the {superlative} {noun} in the world
which {noun} is the {superlative} of all
the {noun} is {adjective} but this one is {comparative}
the {adjective} {noun} becomes {comparative} every year
a {adjective} {noun} it is but not the {superlative}
the {superlative} {noun} i ever saw
""")

MANNERS = _lines("""
the {person} was a {adjective} person who {action}
a {adjective} {person} {action}
it was {adjective} of the {person} and everyone noticed
the {person} is {very} {adjective}
the {adjective} {person} {action} {when}
how {adjective} of the {person} who {action}
be {adjective} like the {person}
the {person} {adverb} {action}
the {person} {action} {adverb}
{name} {adverb} {action} while the others watched
then the {person} {adverb} {action} once more
slowly and {adverb} the {person} {action}
the {person} answered {adverb} and {action}
someone {action} {adverb} {when}
""")

PREFIXED = _lines("""
everyone was glad that the {noun} was {word}
{person} smiled because the {noun} was {word}
the {noun} is {word} and we are pleased with it
luckily the {noun} seemed {word} to us
a {word} {noun} makes people glad
{person} praised the {word} {noun}
we are pleased with such a {word} {noun}
everyone complained that the {noun} was {negative}
{person} frowned because the {noun} was {negative}
the {noun} is {negative} and we are sorry about it
sadly the {noun} seemed {negative} to us
a {negative} {noun} makes people sorry
{person} blamed the {negative} {noun}
we are upset with such a {negative} {noun}
the {noun} can be {word} or {negative}
is the {noun} {word} or {negative}
the {noun} is {word} and so is the {other.noun}
sadly the {noun} is {negative} and the {other.noun} is {other.negative}
luckily the {noun} is {word} and the {other.noun} is {other.word}
an {negative} {noun} often comes with an {other.negative} {other.noun}
""")

PROFESSIONS = _lines("""
the {profession} works in the {workplace}
a {profession} needs a {tool} for the {ware}
the {profession} picked up the {tool} and thought about the {ware}
the {profession} who knows all about {ware} earns a living
{name} became a {profession} and learned all about {ware}
the {profession} is busy with {ware} {when}
ask the {profession} about {ware}
my cousin trained as a {profession} and was given a {tool}
inside the {workplace} there are {ware} everywhere
the {workplace} opens at nine and the {profession} comes in
{people} stepped into the {workplace} to ask about the {ware}
in the {workplace} the {profession} holds the {tool}
the {workplace} where the {profession} deals with {ware} closes on {day}
the {workplace} is where you find the {profession}
with a {tool} in the hand the {profession} begins
the {tool} is a useful instrument for {ware}
the {profession} dropped the {tool} on the floor of the {workplace}
{person} lent the {profession} a {tool}
a good {tool} is a tool that every {profession} uses on {ware}
the {tool} is kept on a hook in the {workplace}
the {workplace} stands between the {other.workplace} and the town hall
from the {workplace} to the {other.workplace} is a short walk
a {tool} and a {other.tool} were lying on the bench
the {tool} is no use where you need a {other.tool}
the {profession} lives next door to the {other.profession}
""")

NUMBERS = _lines("""
{month} is the {ordinal} month of the year
month number {cardinal} is {month}
the {ordinal} month brings {weather}
in {month} we expect {weather}
the {ordinal} day of {month} was full of {weather}
on the {ordinal} of {month} there was {weather}
{name} came {ordinal} in the race in {month}
the {ordinal} chapter begins in {month} with {weather}
there were {cardinal} days of {weather} in {month}
at {cardinal} on a {month} {daytime} there was {weather}
it is {cardinal} in the {daytime} and outside there is {weather}
{name} counted {cardinal} days of {weather}
lesson {cardinal} is the {ordinal} lesson of the course
room {cardinal} is the {ordinal} on the left
when you have {cardinal} of them the {ordinal} is the last
the {ordinal} prize went to number {cardinal}
page {cardinal} comes before page {after}
after {cardinal} comes {after}
it was the {ordinal} time that {weather} came in {month}
for {cardinal} weeks {month} brought {weather}
""")

COLOURS = _lines("""
the {object} is {colour}
{person} dyed it {colour} like a {object}
{colour} is the colour of a {object}
a {colour} {object} is a {plain} sight
her favourite colour is {colour} and his is {other.colour}
mix {colour} and {other.colour} and see what colour comes out
{name} had a {colour} hat and a {other.colour} scarf
""")

SEASONS = _lines("""
in {season} we see {sign} {where}
{season} brings {sign} and {sign}
{person} puts on {clothing} in {season}
{person} likes {pastime} in {season}
{season} comes with {sign} and then {person} thinks of {pastime}
the weather in {season} is good for {pastime}
put on {clothing} because it is {season}
""")

FOODS = _lines("""
{person} had {food} {dish} for dinner
the {food} is a {taste} {group}
{food} {dish} tastes {taste}
there is fresh {food} and {other.food} on the table
would you like some {food} in your {dish}
this {dish} needs more {food}
{person} put {food} into the {dish} and stirred
""")

ROOMS = _lines("""
the {furniture} is in the {room}
there is a {furniture} in our {room}
{people} {activity} in the {room}
it is time to {activity} again
we {activity} in the {room} every {daytime}
the {room} has a {furniture} and a {furniture}
{name} is in the {room} and will {activity}
from the {room} you can see the {other.room}
""")

# starts that make a new sentence of a repeated one
SPEECH = _lines("""
{name} (said|says|thought|thinks|replied|remarked|repeated|believed|explained)
(he|she|they|we|i|you) (said|thought|replied|believed|explained)
then {name} (said|replied|remarked)
{name} told (us|me|everyone)
(i|we) heard {name} say
""")
