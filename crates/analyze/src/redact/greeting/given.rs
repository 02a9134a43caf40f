//! Names that people are called by: what tells `Thanks Anna` from `Thanks Zendesk`.

use super::is_in;
use crate::wordset::{WordSet, Words};
use std::sync::LazyLock;

/// First names that are no words. No list has all of them: where a title tells a name, or a greeting ends behind it,
/// one that is not here is a name too.
static GIVEN: WordSet = LazyLock::new(|| {
    Words::new(
        "aaron abdul abdullah abigail adaeze adam adebayo adriana adriano agnes agnieszka ahmad ahmed ahmet \
         aidan aisha aishwarya ajay akira alan albert alberto alejandra alejandro aleksandra alena \
         alessandra alessandro alessia alexander alexandra alexandre alexandru alexei alexis alfred alfredo \
         alice alicia alina allison alyssa amanda amelia amina amir amit amy ana anand anastasia andre \
         andrea andreas andrei andrew andrey andrzej andré andrés angela angelina angelo anika anil anita \
         anja anjali anke ankit ann anna anne annette annie annika anouk ansgar anthony antoine anton \
         antonia antonio antónio antônio anya arash arjun armin arthur arturo asha ashley ashok astrid \
         audrey aurélie axel ayesha ayse ayşe barbara bartosz beate beatrice beatriz benedikt benjamin \
         bernadette bernard bernd bernhard bernie beth bethany betty birgit björn bob bogdan boris brandon \
         brenda brendan brian bridget bruno bryan callum camila camille carina carl carla carlo carlos \
         carmen carole carolina caroline carsten catalina catarina catherine cecilia cecily cedric chantal \
         charles charlie charlotte chinedu chloe chloé chris christa christelle christina christine \
         christoph christophe christopher cindy clarissa claudia claudio clemens clément colin connor \
         conrad constanze corinna cornelia craig cristian cristiano cristina cynthia cécile cédric céline \
         dagmar damien dana daniel daniela daniele danielle danny daphne darius darren dave david davide \
         debbie deborah declan deepak deepika deirdre delphine denis denise dennis derek detlef devon diana \
         diane diego dieter dietmar dimitri dirk dmitri dmitry dominic dominik dominique donald donna dora \
         doris dorothea dorothy duncan dylan edgar edith edmund eduard eduardo edward edwin eike eileen \
         elaine eleanor elena eleni eli elias elif elisa elisabeth elise eliza elizabeth ellen elsa emanuel \
         emanuele emeka emil emilia emilie emily emma emmanuel enrico enrique eric erica erich erik erika \
         erin ernst estelle esther ethan eugen eugene eva evelyn fabian fabien fabio fabrice fabrizio farah \
         farid fatima federica federico felicia felicity felipe felix ferdinand fernanda fernando filip \
         filippo finn fiona flavia florence florian frances francesca francesco francisca francisco franck \
         franco franz françois françoise freddie frederic frederick frederik freya friedrich fritz frédéric \
         gabriel gabriela gabriele gareth gary gaurav gavin geert geoff geoffrey georg george georgia \
         georgina gerald gerard gerardo gerd gerhard gerrit giacomo gianluca gilles gina giorgio giovanni \
         giulia giuseppe gloria gonzalo gordon graham greg gregor gregory greta grzegorz guido guilherme \
         guillaume gunther gustav gustavo gwen günter günther hamid hanna hannah hannes hans harald harriet \
         harry hartmut haruka hasan hassan heather hector heidi heike heiko heinrich heinz helen helena \
         helene helga helmut hendrik henk henning henri henrik henry herbert hermann hilary hiroshi holger \
         horst howard hubert hugh hugo hussein héctor hélène ian ibrahim igor ilse imani imran ines inga \
         inge ingo ingrid inés inês irene irina isaac isabel isabella isabelle ivan ivana iwona jackie \
         jacob jacqueline jacques jaime jakob jakub james jamie jana jane janet janice janina janine jasmin \
         jasmine jason javier jean jeanette jeff jeffrey jelena jemima jenna jennifer jenny jens jeremy \
         jeroen jerome jerry jesper jessica jill jim jimmy joan joana joanna joanne joaquim joaquín jochen \
         joe joel joelle johan johanna johannes john johnny jon jonas jonathan jordan jorge joris jose \
         josef josefine joseph josephine josh joshua josip joss josé joyce joão juan juana juanita judith \
         judy julia julian juliana julie julien juliette julio julián justin justyna jutta jérôme jörg jörn \
         jürgen kai karen karim karin karina karl karolina karsten kasia kaspar katarina kate katharina \
         katherine kathleen kathrin kathryn kathy katie katja katrin kavita kay keiko keith kelly kenneth \
         kenta kerstin kevin khalid kiran kirsten kirsty klaus konrad konstantin kristen kristian kristin \
         kristina kristof krystyna krzysztof kurt kwame lance lara larissa larry lars laura lauren laurence \
         laurent leah leila lena lennart leo leona leonard leonardo leonie leticia lewis liam lidia linda \
         lindsay lisa lisbeth liz lloyd lorena lorenz lorenzo lothar lou louis louisa louise luan luc luca \
         lucas lucia lucie lucy lucía ludwig luigi luis luisa luise lukas lukasz luke lutz luís lydia lynn \
         lúcia maaike maarten maciej madeleine madison magda magdalena maggie magnus mahmoud maike maja \
         malachi malgorzata malik manfred manuel manuela mara marc marcel marcela marcelo marcin marco \
         marcos marcus maren margaret margarita margaux margit margot maria mariam mariana marianne marie \
         marieke mariella marija marika marina mario marion marisol marita marjan marta martha martijn \
         martin martina martín mary maryam maría massimo mateo mateusz matt matteo matthew matthias \
         matthieu maureen maurice mauricio mauro maximilian maya małgorzata meera megan mehmet melanie \
         melissa meredith michael michaela michal michał michel michele michelle mick miguel mihai mika \
         mike mikhail mildred milena miriam mirjam mirko mitchell moana mohamed mohammad mohammed mohan \
         mohit moira monica monika monique moritz muhammad mustafa márcia nadia nadine naomi natalia \
         natalie natasha nathalie nathan neha neil nelson niall niamh nicholas nicki nicola nicolas nicole \
         nicolás nicolò niels nigel nikhil niklas niko nikola nikolai nina nkechi noah noemi noor nora \
         norbert norman oksana olaf oleg olga oliver olivia olivier omar orla oscar oskar osman otto owen \
         pablo paige pamela paola paolo pascal patricia patrick patrik patrizia paul paula paulina pauline \
         paulo pavel pawel paweł pedro peggy penelope percy peter petra phil philip philipp philippa \
         philippe phoebe pia pierre pieter pietro piotr pooja pradeep prakash pranav prashant priscilla \
         priya quentin rachel rafael raffaele rahul rainer raj rajesh rajiv ralf ralph ramesh ramon ramona \
         ramón raphael raquel rashid raul raymond raúl rebecca rebekka regina reiner reinhard renate renato \
         rené renée rhiannon rhys ricardo riccardo richard rita robbie robert roberta roberto rodrigo roger \
         rohan rohit roland rolf romain ron ronald ronan rosalind rosemary rosie ross roxanne roy ruben \
         rudolf rui rupert russell ruth ryan sabine sabrina sally salma salvatore sam samantha samir samuel \
         sandeep sandra sandrine sandro sanjay sara sarah saskia sebastian sebastien sergei sergio sethu \
         shannon sharon shaun shawn sheila shirley siegfried sigrid silke silvia simon simona simone \
         siobhan sjoerd slavica snezana sofia sofie sonia sonja sophia sophie soraya soumya stacey \
         stanislav stefan stefanie stefano steffen stella stephan stephanie stephen steve steven stuart \
         stéphane stéphanie sunil suresh susan susana susanna susanne suzanne sven svenja svetlana sylvia \
         sylvie sébastien sérgio séverine tamara tanja tanya tariq tatiana ted teresa terry tessa thandi \
         theo theodor theresa thiago thibault thierry thomas thorsten tiago tilman tim timothy tina tobias \
         toby todd tom tomas tomasz tommaso tommy tomás tony torben torsten tracey tracy trevor tristan \
         ulrich ulrike umberto ursula ute uwe valentin valentina valeria valerie vanessa vera verena \
         veronica veronika veronique vicky victor victoria vijay vikas vikram viktor vincent vincenzo \
         virginia vivian viviane vivien vladimir volker véronique vítor wahid walter waltraud wanda wayne \
         wendy werner wes wiebke wilhelm willem william winona wojciech wolfgang xavier xenia yann yannick \
         yara yasmin yasmine yolanda younes youssef yuki yuri yusuf yves yvonne zachary zainab zara zoe \
         zofia zoltan zoë zsofia álvaro ángela åsa émile émilie éric étienne ömer özlem øyvind úrsula łukasz",
    )
});

/// First names that are words in small letters, of some language or other.
static GIVEN_WITH_CAPITAL: WordSet = LazyLock::new(|| {
    Words::new(
        "ben carol chiara claire clara dan dean drew elke ella frank iris jack jan jay ken lea leon mia \
         nele nick pat ravi ray rob robin roman sean sue timo ángel",
    )
});

/// Names that are words with a capital, too: they count at the end of a greeting, behind a title and `my name is`.
static WORDS_TOO: WordSet = LazyLock::new(|| {
    Words::new(
        "will mark grant hope grace joy faith rose may april june dawn eve art rich bill max gene christian \
         earl cliff clay chance chase gale dale glen heath reed brook brooke robyn olive ivy lily violet \
         hazel daisy ruby pearl amber crystal ginger melody harmony angel mercy patience charity destiny \
         holly basil sage rosa luz juni sunny rusty rex ace bryce penny nova ash carter page case rice bean \
         long young king white black brown green gray grey west north east wood woods stone cook law price \
         bell ball hall wall walls gates mills field fields ford marsh banks hill hills park lake rivers \
         church bishop pope prince knight baker shepherd rush noble little strong bond cash sharp swift \
         bright moss berry cherry pepper frost lane sommer lang klein gross groß kurz weiß schwarz braun \
         jung kaiser reich stark blanco leal bueno guerra flores campos reyes iglesias petit grand blanc \
         leblanc lebrun bon roi rossi bianchi",
    )
});

/// Surnames that hardly anybody writes with a capital to mean the word.
static SURNAMES: WordSet = LazyLock::new(|| {
    Words::new(
        "smith taylor cooper mason parker walker turner hunter fisher miller potter porter butler wolf fox \
         brooks hopper carpenter jackson johnson williams jones davis wilson thompson harris lewis clarke \
         wright hughes edwards",
    )
});

pub(super) fn is_given(word: &str) -> bool {
    is_in(&GIVEN, word) || is_in(&GIVEN_WITH_CAPITAL, word)
}

pub(super) fn is_given_in_small_letters(word: &str) -> bool {
    is_in(&GIVEN, word)
}

pub(super) fn is_word_too(word: &str) -> bool {
    WORDS_TOO.contains(word)
}

pub(super) fn is_surname(word: &str) -> bool {
    SURNAMES.contains(word)
}
