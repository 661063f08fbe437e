/** People with their assistant, family and friends. A line that starts with # is the title of the next chat. */
export const everyday = `
# Three days in Lisbon with a toddler
You: We have three days in Lisbon at the end of the month, with a two-year-old. What is realistic?
Assistant: One thing before the nap and one after it. That sounds like little, and it makes for a calm trip.
Assistant: Day 1: tram 28 early in the morning, then the playground in Jardim da Estrela. Day 2: the Oceanário. Day 3: the train to Cascais, with the beach at the end of the line.
You: Is the tram fine with a pushchair?
Assistant: Only folded, and only before nine. The funiculars are easier and just as exciting at that age.
You: Sold. What do we do if it rains?
Assistant: The Oceanário on the rainy day: book a flexible ticket and swap.

# Sourdough that does not rise
You: My starter doubles, but the loaf stays flat. 500 g flour, 350 g water, 100 g starter, 10 g salt.
Assistant: The recipe is sound. How warm is your kitchen, and how long is the first rise?
You: About 19 degrees, four hours.
Assistant: There it is: at 19 degrees it wants seven to nine hours. Go by volume, not by the clock: shape it when it has grown by half.
You: It rose for eight hours and I got ears. EARS.
Assistant: Congratulations. Write down the temperature along with the hours, and the next one will be no accident.

# Explain eigenvectors with a rubber sheet
You: Could you explain eigenvectors without formulas?
Assistant: Draw arrows on a rubber sheet and pull at it. Most arrows now point elsewhere. A few only became longer or shorter and kept their direction. Those are eigenvectors.
You: And the eigenvalue is how much longer?
Assistant: Exactly. Negative means that the arrow flipped, zero means that it was squashed flat.
You: Why does anyone care?
Assistant: Because if you do the same pull a thousand times, everything ends up along the longest of them. That is how search engines once ranked the web.

# Present for a ten-year-old who has everything
You: My niece turns ten. She has everything.
Assistant: Then give her something to do: a microscope with a pond jar, a lock-picking set with three locks, or a book of codes with a real coded letter from you.
You: The coded letter. I will hide where her present is.
Assistant: Use a substitution cipher and leave one obvious word in it, such as her name. She will crack it in an evening.

# Cover letter, second draft
You: Here is my letter for the museum job. It sounds stiff.
Assistant: It does, in the first paragraph. The third one, about the broken projector, sounds like a person. Start there.
You: Just open with the projector?
Assistant: Yes: "Last spring, forty children and I watched a film on a bedsheet." Then say what you learned, then the dates.
You: I got the interview!

# Grandma's recipes
Nora: I am typing up Grandma's recipe cards. What does "a glass of flour" mean?
Uncle Paul: The mustard glass! 200 ml, about 120 g.
Nora: And "butter the size of an egg"?
Uncle Paul: 50 g. A small egg.
Nora: And "bake until it smells like Sunday"?
Uncle Paul: 45 minutes, but I prefer her version.

# SQL: find the gaps in a sequence
You: I have invoice numbers and need the missing ones, in PostgreSQL.
Assistant: generate_series from the smallest to the largest, anti-joined with the table:
SELECT n FROM generate_series(1000, 2000) AS n WHERE NOT EXISTS (SELECT FROM invoice WHERE number = n);
You: It lists 14 numbers. Accounting will love this.
Assistant: Ask first whether cancelled ones are kept elsewhere. Often the gap is a folder, not a fraud.

# Running plan for a first 10 km
You: I can run 3 km. The race is in nine weeks.
Assistant: Three runs a week: two easy, one longer. The long one grows by a kilometre a week, every fourth week it shrinks.
You: How easy is easy?
Assistant: Easy enough to complain about it out loud in whole sentences.
You: Week five, 7 km, and I complained all the way.

# What to do about the hedge
Margit: Dear neighbours, the hedge between us has opinions about the sidewalk.
Familie Brandt: We noticed. Shall we cut it together on Saturday?
Margit: I bring the ladder, you bring the cake.
Familie Brandt: Apple or plum?
Margit: It is a long hedge. Both.

# Band practice
Luca: Wednesday at eight?
Sam: My amp is at the repair shop until Friday.
Noor: Acoustic night then. I will bring the cajón.
Luca: And we finally write the bridge of song four.
Sam: We have said that since song two.

# A short poem about forgetting
You: Write four lines about the river of forgetting.
Assistant: Five rivers run where no one stays, / the fifth is slow and keeps no days. / Who drinks of it puts down the weight / of every word that came too late.
You: Keep that one.
Assistant: Gladly, until you ask me not to.

# Reading group: which book next?
Noor: Votes please: "The Left Hand of Darkness", "Stoner" or "The Summer Book".
Sam: The Summer Book. It is short, and we never finish.
Luca: The Summer Book.
Noor: Decided. We meet on the 12th, bring something from the sea.

# Fixing a squeaky bicycle
You: My bike squeaks once for every turn of the pedals.
Assistant: Once a turn is the pedal, the crank or the bottom bracket. Does it also squeak when you stand up?
You: Only when I sit!
Assistant: Then it is the seat post. Pull it out, wipe it, grease it, put it back at the mark.
You: Silent. I was ready to buy a new crank.
`;
