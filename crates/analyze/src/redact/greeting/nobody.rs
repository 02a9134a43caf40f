//! Who is greeted and is nobody: everybody at once, roles, things that have names of their own.

use super::lead;
use crate::redact::ordinary;
use crate::wordset::{WordSet, Words};
use std::sync::LazyLock;

/// People, but no person; and words that begin a sentence where the comma is missing.
static CALLED: WordSet = LazyLock::new(|| {
    Words::new(
        "all there team everyone everybody anyone folks guys fellows people peoples world friends friend \
         mate mates buddy bro bros brother sister dude dudes man men girl girls boy boys lads lady ladies \
         gentlemen gents gentleman gang crew staff sirs madam ma'am maam god lord jesus allah santa satan \
         diary mom mum mama mommy mummy dad daddy papa grandma grandpa granny mother father aunt auntie \
         uncle cousin son daughter wife husband neighbor neighbors neighbour neighbours beautiful gorgeous \
         handsome sweetie hun babe babes baby babies darling sunshine lovely sweetheart stranger developer \
         developers dev devs coder coders designers designer engineer engineers programmer programmers \
         creator creators maker makers publisher publishers editor editors author authors owner owners \
         manager managers management ceo hr it concerned whom recipient subscriber subscribers resident \
         residents applicant candidate candidates player players gamer gamers fan fans fam family families \
         peeps chief boss captain coach doctors nurses teacher teachers professor president minister \
         senator governor mayor judge officer chair chairman director directors expert experts admins mods \
         moderators valued hiring again name names nobody somebody self future present past sorry please \
         pls quick everything anything welcome greetings congrats congratulations happy merry kindly \
         regarding concerning further since having being trying using currently recently yesterday today \
         tonight tomorrow just still when while after before because although unfortunately apologies \
         morning afternoon evening night colleague colleagues partner partners investor investors student \
         students parent parents pupils patients leute zusammen miteinander ihr ihre freunde freund \
         freundin kollege kollegen kolleginnen entwickler entwicklerin entwicklern programmierer betreiber \
         hersteller macher verkäufer herren damen dame redaktion gemeinde forum welt schatz oma opa kinder \
         jungs mädels mädchen grüße grüsse gruß gott himmel nachbarn gäste verein firma praxis bitte leider \
         gerne vielleicht seit gestern heute probleme frage fragen kurze tous toutes tout monde équipe ami \
         amis amie amies mesdames messieurs mesdemoiselles collègues chers maître equipo equipa equipe \
         todos todas amigo amiga amigos amigas gente señores señoras compañeros muchachos chicos chicas \
         pessoal galera senhores senhoras colegas caros estimados estimadas moço moça tutti tutte ragazzi \
         ragazze amici signori signore colleghi gentilissimi allemaal iedereen jongens mensen vrienden \
         collega's dames heren lezer a am are can could did do does how i i'd i'll i'm i've if in is its \
         it's my no not of on one our so the this to we what where who why would you your yes docteur \
         leader leaders sweeties liberals optimist independent newbie buenas buenos bom boa guten buona \
         buon goede good appt appts appointment appointments receptionist highschool results christians \
         muslims",
    )
});

/// What is said of things that have a name: `Hi Acme Bank`, `Dear Acme Airlines`.
static GROUPS: WordSet = LazyLock::new(|| {
    Words::new(
        "team teams crew staff support service services people folks fans fan community devs dev \
         developer developers experts users gang squad family fam nation world society department \
         hospital clinic surgery practice hotel airlines airways bank banking insurance app apps account \
         card store stores shop website group company companies corporation inc ltd llc plc gmbh ag \
         studio studios games gaming labs lab software systems technologies tech media news magazine \
         radio tv channel customer customers client clients helpdesk help desk care sales marketing \
         billing admin office hr equipo equipe equipa équipe squadra kundenservice kundendienst \
         mannschaft redaktion cyclists tweeps",
    )
});

/// Products, companies, places and days that people greet, thank and blame.
static THINGS: WordSet = LazyLock::new(|| {
    Words::new(
        "slack zendesk intercom freshdesk notion trello asana jira confluence atlassian clickup airtable \
         basecamp github gitlab bitbucket google gmail youtube facebook meta instagram whatsapp twitter \
         threads tiktok snapchat snap pinterest reddit linkedin discord telegram signal skype zoom teams \
         webex netflix spotify hulu disney amazon prime alexa siri cortana bixby apple itunes icloud \
         microsoft windows word excel outlook sharepoint onedrive xbox playstation nintendo sony samsung \
         huawei xiaomi nokia motorola lenovo dell paypal venmo stripe visa mastercard revolut monzo klarna \
         wise uber lyft bolt grab airbnb booking expedia ebay etsy shein temu walmart target costco tesco \
         aldi lidl ikea adidas nike starbucks mcdonalds subway dropbox evernote adobe photoshop canva figma \
         miro salesforce hubspot shopify wordpress wix squarespace oracle sap ibm intel nvidia android \
         chrome firefox safari opera edge mozilla linux ubuntu vodafone telekom telefonica verizon comcast \
         sprint sky dhl fedex ups usps hermes lufthansa ryanair easyjet delta united duolingo tinder bumble \
         fitbit garmin tesla toyota honda ford bmw audi mercedes kitty moto dolly fresh neighbor python \
         java rust ruby swift react docker kubernetes tensorflow bitcoin firebase grafana postman chatgpt \
         openai claude gemini copilot steam twitch roblox minecraft america american england english \
         britain british ireland irish scotland wales france french germany german spain spanish italy \
         italian portugal brazil brasil mexico canada australia india indian china chinese japan japanese \
         korea korean africa asia europe usa uk vietnam nigeria kenya singapore israel russia ukraine \
         turkey greece deutschland österreich schweiz españa italia europa nederland london paris berlin \
         hamburg münchen wien zürich madrid barcelona lisboa roma milano amsterdam dublin manchester \
         liverpool york chicago boston texas california florida hollywood broadway sydney melbourne toronto \
         mumbai delhi hong kong january february march july august september october november december \
         januar februar märz oktober dezember mondays tuesdays wednesdays thursdays fridays saturdays \
         sundays christmas easter halloween thanksgiving weekend spring sql api pdf html def fi res tech \
         orange macbook twitterverse spurs colts manila edmonton internet dallas houston philippines \
         pakistan thailand indonesia argentina chile colombia robot",
    )
});

/// What people are by their work: `Sr. Analyst` is no gentleman, though `Sr. García` is one.
static JOBS: WordSet = LazyLock::new(|| {
    Words::new(
        "analyst analysts consultant consultants associate associates specialist specialists vp technician \
         architect architects scientist recruiter accountant administrator coordinator representative \
         executive strategist researcher advisor adviser auditor copywriter supervisor planner buyer \
         counsel lecturer",
    )
});

/// Ends of German words for those who help and those who ask: `Kundenteam`, `Supportmitarbeiter`.
const ENDINGS: &[&str] = &[
    "team",
    "service",
    "support",
    "kunden",
    "redaktion",
    "kollegen",
    "kolleginnen",
    "freunde",
    "mitarbeiter",
    "leute",
    "nutzer",
    "entwickler",
    "gemeinde",
    "community",
];

/// A word that is nobody's name, in any case.
pub(super) fn is_nobody(word: &str) -> bool {
    let listed = [&CALLED, &GROUPS, &THINGS, &JOBS].iter().any(|words| words.contains(word));
    listed
        || ordinary::is_everyday(word)
        || lead::is_lead(word)
        || ENDINGS.iter().any(|ending| word.ends_with(*ending))
}
