"""Tables of facts, from which the corpus and its analogies are made.

A cell may hold several phrases, separated by `/`; a template takes one of them at random each time. Some columns are
facts that the analogies ask for. The others hold words that occur together with a row's word, so that its contexts
distinguish it.
"""

from __future__ import annotations

Row = dict[str, str]


def table(columns: str, text: str) -> list[Row]:
    """Return a dictionary for each line of `text`: its cells, separated by commas, by the names in `columns`.

    Raises:
        ValueError: a line has more or fewer cells than there are columns.
    """
    names = columns.split()
    cells = [[cell.strip() for cell in line.split(",")] for line in text.strip().splitlines()]
    return [dict(zip(names, line, strict=True)) for line in cells]


PEOPLE = table(
    "male female belonging deed",
    """
king, queen, crown/throne/kingdom/palace, ruled the kingdom from {his} throne/sat on the royal throne/\
    lived in the royal palace/had a golden royal crown/loved the people of the kingdom
prince, princess, crown/throne/kingdom/palace, was heir to the royal throne/was born in the royal palace/\
    had a small golden crown/travelled through the kingdom/was loved by the people of the kingdom
duke, duchess, estate/carriage/title/mansion, owned a noble estate/held a noble title/gave a grand ball/\
    kept forty hounds on {his} estate/was a cousin of the royal family
emperor, empress, empire/legion/province/fleet, commanded ten legions/conquered distant provinces/\
    feared no army in the empire/sent fleets to the provinces/held the vast empire together
lord, lady, manor/servants/tenants/coach, owned the manor/hired more servants/collected rent from the villagers/\
    dined in the manor hall/greeted the villagers at the manor gate
man, woman, office/wallet/flat/bill, worked in an office/hurried to the office/lived alone in a flat/\
    argued about the bill/voted in the election/waited for the bus/missed the late bus
boy, girl, homework/toy/schoolbag/playground, went to school/did {his} homework/loved toys/skipped in the playground/\
    learned the alphabet/lost a toy/carried a schoolbag
father, mother, babies/household/lunch/supper, changed the nappies/tucked the babies into bed/\
    packed lunch for the babies/worried about the babies/made supper for the household
son, daughter, parents/cradle/childhood/birthday, obeyed {his} parents/was born to proud parents/\
    moved away from {his} parents/looked like {his} parents/was the only child of strict parents
brother, sister, twins/freckles/bunk/siblings, shared a room with the twins/quarrelled with the twins/\
    had the same freckles as the twins/was one of the twins/teased the twins
uncle, aunt, cousins/presents/christmas/cottage, brought presents for the cousins/spoiled the cousins/\
    invited the cousins for christmas/visited the cousins with presents
nephew, niece, relatives/gift/seaside/godparents, thanked the relatives for the gift/visited the relatives in summer/\
    stayed with relatives at the seaside/was the favourite of the relatives
husband, wife, anniversary/marriage/spouse/mortgage, kissed {his} spouse/celebrated the wedding anniversary/\
    took out a mortgage with {his} spouse/lost the marriage ring/promised to love {his} spouse
grandfather, grandmother, pension/spectacles/slippers/tales, told tales of days gone by/dozed in the rocking chair/\
    collected {his} pension/needed thick spectacles/remembered the war
grandson, granddaughter, wheelchair/bedtime/pensioner/armchair, loved the bedtime tales/inherited the spectacles/\
    pushed the wheelchair/helped the pensioner up the stairs/visited the pensioner on sundays
actor, actress, script/stage/film/role, had the leading role in the film/stood on the stage/learned the script/\
    forgot the lines of the scene/won an award for the film
waiter, waitress, tray/menu/tip/diners, carried the tray to the table/took the order of the diners/fetched the menu/\
    spilled the soup on the diners/earned a large tip
wizard, witch, wand/potion/cauldron/spell, cast a magic spell/brewed a potion in the cauldron/waved the magic wand/\
    turned the toad into stone with a spell/soared on a broomstick
monk, nun, abbey/prayer/vow/psalms, prayed in the abbey/kept a vow of silence/copied the holy manuscript/\
    chanted psalms in the abbey/rose at dawn to pray
groom, bride, aisle/bouquet/cake/veil, stepped down the aisle/cut the wedding cake/smiled at the wedding guests/\
    said the wedding vows/held the bouquet
hero, heroine, courage/medal/dragon/rescue, rescued the village from the dragon/fought the dragon/\
    earned a medal for courage/saved the drowning swimmer/showed great courage
host, hostess, party/guests/invitations/punch, welcomed the guests to the party/filled the glasses at the party/\
    planned the party/introduced the guests/sent the invitations
widower, widow, grief/grave/funeral/mourning, mourned at the grave/put roses on the grave/grieved for many years/\
    was left alone after the funeral/wept at the funeral
steward, stewardess, passengers/flight/cabin/uniform, pointed to the emergency exit/\
    showed the passengers to their seats/served coffee on the flight/fastened the seat belts of the passengers
landlord, landlady, rent/lodgers/attic/deposit, raised the rent/repaired the roof for the tenants/\
    rented out the attic/asked for the deposit/locked out the lodgers
""",
)

COUNTRIES = table(
    "country capital nationality currency language dish ware sight man woman",
    """
france, paris, french, euro, french, croissants, perfume, the seine, pierre, marie
germany, berlin, german, euro, german, sausages, engines, the rhine, hans, greta
italy, rome, italian, euro, italian, pasta, marble, the colosseum, marco, giulia
greece, athens, greek, euro, greek, olives, ouzo, the acropolis, nikos, eleni
spain, madrid, spanish, euro, spanish, paella, guitars, the alhambra, pablo, carmen
england, london, english, pound, english, pudding, tweed, the thames, george, elizabeth
russia, moscow, russian, rouble, russian, borscht, caviar, the volga, ivan, olga
poland, warsaw, polish, zloty, polish, dumplings, amber, the vistula, piotr, zofia
sweden, stockholm, swedish, krona, swedish, meatballs, matches, the archipelago, lars, astrid
norway, oslo, norwegian, krone, norwegian, salmon, skis, the fjords, olav, ingrid
hungary, budapest, hungarian, forint, hungarian, goulash, paprika, the danube, laszlo, ilona
czechia, prague, czech, koruna, czech, schnitzel, crystal, the vltava, karel, jitka
turkey, ankara, turkish, lira, turkish, kebabs, carpets, the bosporus, mehmet, ayse
egypt, cairo, egyptian, pound, arabic, falafel, cotton, the pyramids, ahmed, fatima
morocco, rabat, moroccan, dirham, arabic, couscous, leather, the sahara, youssef, khadija
iran, tehran, iranian, rial, persian, pistachios, saffron, the caspian, reza, shirin
india, delhi, indian, rupee, hindi, curry, silk, the ganges, raj, priya
japan, tokyo, japanese, yen, japanese, sushi, robots, the shinto shrines, kenji, yuki
china, beijing, chinese, yuan, chinese, noodles, porcelain, the great wall, wei, ling
thailand, bangkok, thai, baht, thai, mangoes, rubber, the floating markets, somchai, malee
vietnam, hanoi, vietnamese, dong, vietnamese, pho, bamboo, the mekong, minh, lan
kenya, nairobi, kenyan, shilling, swahili, maize, sisal, the savanna, kamau, wanjiru
ghana, accra, ghanaian, cedi, akan, yams, cocoa, the volta, kofi, ama
nigeria, abuja, nigerian, naira, hausa, cassava, petroleum, the niger, emeka, ngozi
peru, lima, peruvian, sol, quechua, potatoes, alpaca, the andes, jorge, rosa
canada, ottawa, canadian, dollar, english, pancakes, maple syrup, the great lakes, gordon, heather
""",
)

ANIMALS = table(
    "animal plural young sound home food habit",
    """
dog, dogs, puppy, barks, kennel, bones, chases the postman/wags its tail/fetches the stick
cat, cats, kitten, purrs, cushion, tuna, scratches the sofa/watches the mousehole/licks its paws
cow, cows, calf, moos, cowshed, clover, swishes away the gnats/gives creamy milk/chews the cud
horse, horses, foal, neighs, stable, oats, gallops past the fence/carries a saddle/jumps the hurdle
sheep, sheep, lamb, bleats, fold, turnips, has thick wool/follows the flock/hears the shepherd whistle
pig, pigs, piglet, grunts, sty, swill, rolls in the mud/looks for truffles/sniffs at the bucket
hen, hens, chick, clucks, coop, grain, lays eggs in the straw/pecks the ground/hides under the perch
duck, ducks, duckling, quacks, pond, pondweed, paddles among the reeds/dives for snails/shakes its wet feathers
goose, geese, gosling, honks, meadow, barley, hisses at strangers/heads south in formation/guards the yard
swan, swans, cygnet, trumpets, lagoon, waterlilies, glides under the willow/bends its long neck/spreads its white wings
frog, frogs, tadpole, croaks, swamp, dragonflies, leaps between the puddles/sits on a lily pad/has slimy skin
bear, bears, cub, growls, cave, berries, hibernates in winter/steals from the beehive/climbs the pine
deer, deer, fawn, snorts, thicket, acorns, sheds its antlers/hides in the ferns/bolts from the hunter
kangaroo, kangaroos, joey, thumps, outback, spinifex, hops across the dry plain/carries a pouch/boxes with its rival
eagle, eagles, eaglet, screeches, cliff, hares, soars over the ridge/sharpens its talons/circles in the sky
owl, owls, owlet, hoots, barn, voles, hunts by moonlight/turns its head around/blinks in the dark
elephant, elephants, calf, trumpets, jungle, bananas, sprays water with its trunk/flaps its huge ears/\
    carries logs on its tusks
lion, lions, cub, roars, den, zebras, shakes its mane/leads the pride/stalks the antelope
spider, spiders, spiderling, rustles, web, beetles, spins a sticky thread/crawls on eight legs/waits in the corner
butterfly, butterflies, caterpillar, flutters, orchard, nectar, lands on the petals/rests on a cabbage leaf/\
    shows its bright spots
goat, goats, kid, bleats, mountainside, thistles, butts with its horns/climbs steep rocks/has a long beard
rabbit, rabbits, bunny, squeaks, burrow, carrots, twitches its nose/thumps its hind feet/nibbles the lettuce
""",
)

THINGS = table(
    "thing plural part use place",
    """
book, books, cover/index, borrowed/closed, library
car, cars, engine/wheel/brake, repaired/parked, garage
tree, trees, branch/trunk/root, planted/felled, forest
flower, flowers, petal/stem/scent, picked/watered, vase
ship, ships, mast/anchor, sailed/boarded, harbour
bottle, bottles, cork/label, emptied/uncorked, wine cellar
bell, bells, clapper/rope/chime, rang/tolled, steeple
knife, knives, blade/sharp edge, sharpened/wiped, cutlery drawer
clock, clocks, dial/pendulum, wound/set, parlour
shoe, shoes, lace/heel/sole, polished/tied, shoebox
coat, coats, sleeve/collar/lining, buttoned/ironed, wardrobe
train, trains, locomotive/driver, missed/boarded, railway station
bicycle, bicycles, pedal/handlebar/tyre, pedalled/oiled, bicycle rack
candle, candles, wick/wax/flame, lit/blew out, candlestick
door, doors, hinge/lock, locked/slammed, hallway
window, windows, pane/sill, smashed/cleaned, gable
bridge, bridges, arch/pillar/railing, crossed/blocked, valley
computer, computers, keyboard/screen/program, typed on/switched on, desk
ball, balls, bounce/rubber skin, kicked/bounced, gymnasium
basket, baskets, wicker/lid, wove/carried, picnic
letter, letters, stamp/envelope, posted/answered, mailbox
picture, pictures, frame/gilt edge, hung/admired, gallery
cup, cups, saucer/rim/crack, filled/rinsed, dishwasher
leaf, leaves, vein/tip, raked/swept, compost heap
tooth, teeth, filling/gum, brushed/pulled, jaw
child, children, giggle/cough, rocked/scolded, nursery
mouse, mice, whisker/pink nose, trapped/frightened, mousehole
""",
)

VERBS = table(
    "verb third past gerund object",
    """
sing, sings, sang, singing, a song in the choir/a merry tune/the chorus of the song/the anthem with the choir
walk, walks, walked, walking, along the footpath/to the village on foot/along the pavement
run, runs, ran, running, a marathon/in the race/round the track/to the finish line
swim, swims, swam, swimming, in the pool/across the channel/to the far end of the pool
write, writes, wrote, writing, a poem/a long novel/in the diary/a poem in the notebook
drink, drinks, drank, drinking, a glass of lemonade/a mug of tea/from the fountain/a pint of beer
spend, spends, spent, spending, the weekend at a campsite/the holidays in a caravan/a fortnight at a campsite
bake, bakes, baked, baking, a loaf/biscuits on a tray/an apple pie/a pie with flour and butter
dance, dances, danced, dancing, a tango/to the band/a waltz at the ball/a polka with a partner
paint, paints, painted, painting, a portrait/the fence with a brush/the wall with varnish/a portrait in oils
build, builds, built, building, a brick wall/a shed of planks/a wall of brick and cement
drive, drives, drove, driving, a lorry/a van on the motorway/through the traffic/a taxi
fly, flies, flew, flying, a kite/an aeroplane/over the runway/a helicopter
teach, teaches, taught, teaching, spelling to the class/grammar in the classroom/the class about algebra
buy, buys, bought, buying, groceries at the shop/a new shirt at the shop/groceries with coins
sell, sells, sold, selling, vegetables at the stall/ice cream to the customers/tickets to the customers
throw, throws, threw, throwing, a javelin/a pebble at the target/the dice/a snowball at the target
catch, catches, caught, catching, a trout with a net/a fish on a hook/a trout in the stream
grow, grows, grew, growing, pumpkins on the allotment/tulips from seed/beans on the allotment/pumpkins from seed
speak, speaks, spoke, speaking, into the microphone/to the audience/at the conference
sleep, sleeps, slept, sleeping, on the mattress/under a blanket/in the tent under a blanket
wash, washes, washed, washing, the dishes with soap/the laundry/the dishes in the sink/the floor with soap
draw, draws, drew, drawing, a map with a pencil/a circle on the blackboard/a cartoon with crayons
wear, wears, wore, wearing, gloves and a scarf/a woollen jumper/boots and gloves
ride, rides, rode, riding, a pony/a donkey along the trail/a camel/a pony over the hills
dig, digs, dug, digging, a hole in the sand/for treasure/for treasure in the sand/a hole as deep as a well
play, plays, played, playing, chess/the piano/cards with friends/a game of chess
cook, cooks, cooked, cooking, a stew in a pot/onions in a pan/spaghetti on the stove
listen, listens, listened, listening, to the radio/to an opera/to the news on the radio
""",
)

ADJECTIVES = table(
    "adjective comparative superlative opposite noun",
    """
tall, taller, tallest, short, skyscraper/giraffe/lighthouse/chimney
short, shorter, shortest, tall, paragraph/stub/haircut/ribbon
big, bigger, biggest, small, whale/stadium/warehouse/boulder
small, smaller, smallest, big, pea/ant/button/thimble
fast, faster, fastest, slow, rocket/cheetah/motorbike/sprinter
slow, slower, slowest, fast, snail/tortoise/tractor/queue
hot, hotter, hottest, cold, furnace/volcano/chilli/radiator
cold, colder, coldest, hot, glacier/freezer/blizzard/icicle
old, older, oldest, young, fossil/ruin/monument/legend
young, younger, youngest, old, apprentice/sapling/recruit/toddler
strong, stronger, strongest, weak, wrestler/ox/chain/magnet
weak, weaker, weakest, strong, pulse/invalid/argument/battery
rich, richer, richest, poor, merchant/millionaire/heiress/oilman
poor, poorer, poorest, rich, beggar/orphan/peasant/refugee
bright, brighter, brightest, dark, star/headlight/diamond/torch
dark, darker, darkest, bright, dungeon/tunnel/alley/cellar
heavy, heavier, heaviest, light, anvil/suitcase/sack/cannon
light, lighter, lightest, heavy, feather/bubble/snowflake/cobweb
loud, louder, loudest, soft, trumpet/explosion/siren/thunderclap
soft, softer, softest, loud, pillow/velvet/whisper/moss
deep, deeper, deepest, shallow, ocean/trench/canyon/abyss
shallow, shallower, shallowest, deep, ditch/saucepan/brook/puddle
cheap, cheaper, cheapest, costly, souvenir/hostel/trinket/imitation
sweet, sweeter, sweetest, sour, honey/toffee/marzipan/melon
sour, sourer, sourest, sweet, lemon/vinegar/grapefruit/pickle
clean, cleaner, cleanest, dirty, handkerchief/hospital/apron/napkin
dirty, dirtier, dirtiest, clean, rag/dustbin/gutter/doormat
good, better, best, bad, idea/plan/suggestion/advice
bad, worse, worst, good, mistake/nightmare/headache/crime
happy, happier, happiest, sad, honeymoon/clown/laughter/reunion
sad, sadder, saddest, happy, farewell/tragedy/ballad/goodbye
""",
)

MANNERS = table(
    "adjective adverb action person",
    """
careful, carefully, checked the wiring/carried the porcelain/followed the instructions, electrician/surgeon
quiet, quietly, tiptoed upstairs/whispered the secret/closed the library door, librarian/burglar
brave, bravely, charged the enemy/defended the fortress/entered the burning house, soldier/firefighter
polite, politely, bowed to the visitors/thanked the committee/held the door, butler/receptionist
gentle, gently, stroked the baby/bandaged the wound/rocked the pram, nurse/nanny
honest, honestly, confessed the truth/returned the lost purse/swore on oath, witness/cashier
generous, generously, gave money to charity/donated the prize/shared the feast, donor/sponsor
nervous, nervously, bit the nails/dropped the exam paper/sat the oral test, candidate/learner
angry, angrily, banged the fist/yelled at the referee/tore up the contract, protester/motorist
proud, proudly, raised the flag/showed the trophy/polished the badge, champion/captain
graceful, gracefully, twirled on tiptoe/skated over the rink/curtsied in the ballet, ballerina/skater
greedy, greedily, gobbled the chocolate/counted the gold/grabbed the largest slice, miser/glutton
wise, wisely, advised the council/settled the dispute/quoted the proverb, judge/elder
patient, patiently, untangled the fishing line/repeated the explanation/queued at the counter, angler/tutor
clever, cleverly, solved the riddle/cracked the code/invented the gadget, inventor/detective
skilful, skilfully, juggled the torches/carved the statue/shaped the clay, juggler/sculptor
""",
)

PREFIXED = table(
    "word negative noun",
    """
fair, unfair, trial/verdict/umpire
safe, unsafe, crossing/rollercoaster/cable
tidy, untidy, cupboard/handwriting/drawer
healthy, unhealthy, diet/snack/lifestyle
lucky, unlucky, gambler/guess/lottery
friendly, unfriendly, greeting/innkeeper/tribe
comfortable, uncomfortable, bench/couch/cot
popular, unpopular, mayor/president/senator
reliable, unreliable, timetable/thermometer/barometer
familiar, unfamiliar, accent/face/voice
pleasant, unpleasant, smell/journey/odour
kind, unkind, remark/stepmother/joke
finished, unfinished, symphony/jigsaw/essay
paid, unpaid, invoice/debt/overtime
known, unknown, composer/explorer/philosopher
true, untrue, rumour/statement/gossip
""",
)

PROFESSIONS = table(
    "profession workplace tool ware",
    """
baker, bakery, oven, bread/rolls/dough
carpenter, workshop, chisel, tables/planks/cabinets
doctor, clinic, stethoscope, patients/medicine/pills
farmer, farm, plough, wheat/harvest/fields
chef, restaurant, whisk, sauces/meals/recipes
sailor, docks, compass, voyages/sails/storms
photographer, darkroom, camera, photographs/snapshots/negatives
writer, study, typewriter, stories/novels/plots
tailor, boutique, needle, suits/trousers/seams
gardener, greenhouse, spade, lawns/hedges/bulbs
barber, salon, razor, beards/haircuts/moustaches
blacksmith, forge, bellows, horseshoes/iron/swords
astronomer, observatory, telescope, planets/comets/galaxies
chemist, laboratory, microscope, chemicals/experiments/acids
musician, theatre, violin, concerts/melodies/rehearsals
fisherman, quay, trawl, cod/crabs/lobsters
builder, site, trowel, bricks/cement/foundations
miner, colliery, pickaxe, coal/ore/tunnels
teacher, academy, globe, lessons/pupils/exams
priest, church, bible, sermons/hymns/christenings
butcher, abattoir, cleaver, beef/pork/bacon
postman, depot, satchel, mail/telegrams/postcards
painter, studio, easel, canvases/landscapes/frescoes
""",
)

NUMBERS = table(
    "cardinal ordinal month weather after",
    """
one, first, january, frost, two
two, second, february, sleet, three
three, third, march, gales, four
four, fourth, april, showers, five
five, fifth, may, blossom, six
six, sixth, june, sunshine, seven
seven, seventh, july, heat, eight
eight, eighth, august, drought, nine
nine, ninth, september, mist, ten
ten, tenth, october, fog, eleven
eleven, eleventh, november, drizzle, twelve
twelve, twelfth, december, snow, thirteen
""",
)

COLOURS = table(
    "colour object",
    """
red, rose/brick/tomato/poppy
green, grass/cucumber/emerald/fern
blue, sky/sapphire/cornflower/sea
yellow, daffodil/canary/buttercup/lemon
white, snow/milk/cloud/foam
black, coal/raven/soot/night
brown, chestnut/cocoa/earth/acorn
orange, pumpkin/carrot/flame/marigold
pink, flamingo/blossom/carnation/salmon
grey, ash/pebble/slate/badger
purple, plum/violet/lavender/grape
""",
)

SEASONS = table(
    "season sign clothing pastime",
    """
spring, buds/blossom/nests/daffodils, a raincoat/light trousers, planting bulbs/long walks/spring cleaning
summer, sunshine/heat/bees/long evenings, sandals/a straw hat/shorts, camping/paddling in the sea/picnics
autumn, fog/falling chestnuts/harvest/mushrooms, a warm jacket/wellingtons, raking the lawn/gathering nuts/bonfires
winter, snow/ice/frost/long nights, a thick coat/mittens/a scarf, skating/sledging/sitting by the fire
""",
)

FOODS = table(
    "food group taste dish",
    """
apple, fruit, juicy/crisp, pie/juice/crumble
pear, fruit, ripe/juicy, tart/salad
cherry, fruit, red/ripe, jam/cake
plum, fruit, ripe/juicy, jam/crumble
strawberry, fruit, red/ripe, jam/ice cream
cabbage, vegetable, green/crunchy, soup/salad
spinach, vegetable, green/tender, soup/pie
cucumber, vegetable, fresh/crunchy, salad/sandwich
pepper, spice, spicy/sharp, soup/sauce
ginger, spice, spicy/sharp, biscuits/tea
cinnamon, spice, spicy/sharp, buns/tea
butter, dairy, creamy/fresh, sauce/sandwich
cream, dairy, creamy/fresh, cake/sauce
yoghurt, dairy, creamy/plain, salad/sauce
""",
)

ROOMS = table(
    "room furniture activity",
    """
kitchen, sink/stove/cupboard/fridge, peel potatoes/boil the kettle/do the dishes
bedroom, bed/wardrobe/pillow/lamp, make the bed/get dressed/fold the clothes
bathroom, bath/towel/shower, brush your hair/take a shower
lounge, sofa/carpet/television/fireplace, watch television/rest by the fire/talk with visitors
garden, lawn/shed/swing/hedge, mow the lawn/hang out the sheets/pull weeds
garage, workbench/shelf/toolbox/bucket, saw wood/look for nails
""",
)
