"""Words that many product names have: they say what kind a product is, and never which one. Read off the names of 9,360
recalls of one publisher, without the brands among them; singular, lower case, without accents."""

_COMMON = """
forced btu thrower frameset condensing rolling flip railway crampon ascender carabiner workshop image excellence
accessory activity adapter adaptor adhesive adjustable adult air alarm alert all aluminum animal assembly attachment
automatic avalanche baby back backpack bag balancing ball bank bar barrel baseball basic basket bath bathrobe battery
beach bead bean bear bed behind beige bell bench beverage bib bicycle bike binding bird black blade blanket blender
blind blower blue board boat body boiler book boot bottle bowl box boy bracelet brake branded bread brown brush
brushless bulb bumper bunny burner button cabinet cable camera camping candle candleholder carafe carbon cargo carpet
carrier carry cart case casement castle cat ceiling ceramic chain chainsaw chair changing charger charging charm chest
child children christmas clamp cleaner climbing clip clock clothing coat coffee coffeemaker collection color
combination combo commercial compact competition computer condenser conditioner connector control controller
convertible cooker cooking cooktop cooler corded cordless cosmetic costume cotton cover craft cream crib crossbow cup
curling cushion cutter cycle cyclist cylinder decorative deluxe deshedding design desk desktop detector device diesel
digital dining dish dishwasher dispenser diving dog doll door double drawer drawstring dress dresser drill drive
driver dryer dual dumbbell edition electric electrical electronic emergency engine equipment ergonomic essential
exercise expander extension fabric fan fashion faucet feeding field figure filter finish fire fireplace firework first
fitness fixture flashlight flat fleece floor flower foam fold folding food foot football fork frame framing
freestanding freezer front fryer fuel full furniture game garden garment gas gate gel general generator gift girl
glass glove gold golf gown gray green grey grill guard gym hair halloween halogen hammer hand handheld handle harness
head heat heated heater heating heavy helicopter helmet high holder holiday home hood hooded hook horse hose hot house
household humidifier hunting hydraulic ice inch indoor induction industrial infant inflatable ion iron jacket jewelry
jogging junior kayak kettle key kid kit kitchen kneepad knife ladder lamp lantern laptop large laser laundry lawn lead
learning leather led leg lever light lighter lighting line liquid lithium little lock log lotion lounge low machine
magnet magnetic maker man manual massager mat mattress medium men metal microwave mid mini mirror mixer mobile model
module monitor motor motorcycle mount mountain mounted mower mug multi multifunction musical nail nailer natural
necklace new nightgown nightlight notebook off office oil one outdoor outlet oven pack pad paint pajama pan panel pant
paper part pedal pendant people personal pet phone picture piece pillow pin pinch pink pistol pizza plant plastic
plate play player playground playpen plug plus plush pole pool portable pot potty powder power powered premium
pressure printer pro product professional propane propeller protector puck pull pullover pump puppet purifier purple
purpose puzzle quad quick racing rack radio rail range rattle rechargeable recliner recreational red refrigerator
regulator release remote remover replacement residential retractable ride riding rifle ring road robe rocker rocking
roll roller room rope round rug safety sandal saw scarf scented school sconce scooter screen scuba seat security
sensor series sery set shade shaker sheet shelf shift shirt shoe shop short shower side silicon silicone silver sink
size skate ski skin skirt sled sleep sleeper sleepwear sleeve slide sling small smart smoke snow snowboard snowmobile
soap sock socket sofa soft solar sound spa space speaker speed spin splitter spoon sport spray spring squeeze
stainless stand standard star starter station steam steamer steel stem step stick stitch stool storage stove strap
stretcher string strip stroller stuffed style suit summer supply support surge suspension sweater sweatshirt swing
switch swivel system table tablet tank tape tea teether teething tent terrain thermal three tile tire toaster toddler
tool top torch tow tower toy tractor trail trailer trainer training transceiver travel tray treadmill tree trimmer
truck tub tube tufted tumble turn twin two type umbrella unit universal upholstered upright urn usb used utility
vacuum valve vehicle vest video volt walk walker wall warmer washer washing watch water watt wax wedge weight wheel
white wide winch wind window wine winter wire wireless woman women wood wooden work yard year youth zero
"""
_EMPTY = """
about after alert and any are brand by certain china for from has hazard hazards in including injury into its made may
model models new not number numbers of on online only or other over pose posing product products recall recalled
recalling recalls risk risks serious several sold some such that the their them these this those to under use various
via were which with without
"""
_COMPANY = """
america american brand co company corp corporation distribution equipment furnishing gmbh group home inc incorporated
industry international limited llc lp ltd manufacturing north product store technology trading us usa
"""
COMMON = frozenset(_COMMON.split())
EMPTY = frozenset(_EMPTY.split())
"""Words that say nothing of a product."""
COMPANY = frozenset(_COMPANY.split())
"""Words of firms' names that do not tell one firm from another."""
