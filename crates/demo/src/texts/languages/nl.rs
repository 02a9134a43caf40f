//! Dutch.

use super::{Language, Remarks};

pub(super) const LANGUAGE: Language = Language {
    code: "nl",
    hello: &["[Hallo|Hoi|Goedemorgen|Goedemiddag|Beste]", "Hallo [allemaal|team]"],
    bye: &["[Groeten|Met vriendelijke groet|Bedankt|Alvast bedankt]", "Ik hoor het graag"],
    negative_tail: &[
        "[Echt heel vervelend|Zo kunnen we niet werken|Zwaar teleurgesteld]",
        "[Graag snel oplossen|Wanneer wordt dit opgelost?]",
        "We kijken al naar [iets anders|alternatieven]",
    ],
    positive_tail: &[
        "[Top|Ga zo door|Dank jullie wel]!",
        "[Echt een aanrader|Ik raad het iedereen aan]",
        "Het hele team is er blij mee",
    ],
    remarks: &[
        Remarks {
            topic: "login_access",
            negative: &[
                "Ik kan [niet meer inloggen|mijn account niet in] sinds [gisteren|maandag], [het wachtwoord wordt geweigerd|ik word steeds teruggestuurd]",
                "Ik word [elk uur|steeds] uitgelogd en de code [komt nooit aan|is altijd verlopen]",
            ],
            positive: &["Inloggen met je vinger werkt [perfect|heerlijk snel]"],
            neutral: &["Hoe kan ik [mijn wachtwoord wijzigen|inloggen in twee stappen aanzetten]?"],
        },
        Remarks {
            topic: "performance",
            negative: &[
                "[Ontzettend traag|Veel te traag], een bord openen duurt {15-45} seconden",
                "Sinds de update [hapert alles|loopt alles vast], [dit kost ons uren|om gek van te worden]",
            ],
            positive: &[
                "[Razendsnel|Lekker vlot], [ook grote borden staan er meteen|geen enkele vertraging]",
                "De laatste tijd veel sneller, [fijn|goed gedaan]",
            ],
            neutral: &["De snelheid is prima, niet bijzonder"],
        },
        Remarks {
            topic: "stability",
            negative: &[
                "De app loopt [voortdurend|bij elke kaart] vast en [alles wat ik typte is weg|ik kan opnieuw beginnen]",
            ],
            positive: &["[Heel stabiel|In {3-9} maanden nooit vastgelopen]"],
            neutral: &["Waar vind ik het foutenlogboek?"],
        },
        Remarks {
            topic: "availability",
            negative: &[
                "Alles ligt plat sinds {8-11} uur, [overal fout 503|niemand kan werken]",
                "Weer een storing, [de derde deze maand|en geen woord uitleg]",
            ],
            positive: &["Geen storing [dit jaar|in {6-12} maanden], [knap|petje af]"],
            neutral: &["Is er vandaag onderhoud gepland?"],
        },
        Remarks {
            topic: "pricing",
            negative: &[
                "[Veel te duur|De prijsverhoging slaat nergens op], {20-45}% erbij [voor niets|voor dezelfde functies]",
            ],
            positive: &["[Goede prijs-kwaliteitverhouding|Een eerlijke prijs]"],
            neutral: &["Is er korting voor [verenigingen|scholen]?"],
        },
        Remarks {
            topic: "usability",
            negative: &["[Onoverzichtelijk|Een doolhof], [{5-9} klikken voor alles|je vindt niets terug]"],
            positive: &[
                "[Heel makkelijk|Kinderlijk eenvoudig] in gebruik, [alles zit op de juiste plek|ook mijn baas snapt het]",
            ],
            neutral: &["Graag een knop om iets ongedaan te maken"],
        },
        Remarks {
            topic: "support",
            negative: &["De helpdesk reageert al {4-12} dagen niet, [waardeloos|echt slecht]"],
            positive: &[
                "[Geweldige|Supersnelle] helpdesk, [binnen tien minuten opgelost|heel vriendelijk geholpen]",
            ],
            neutral: &["Is de helpdesk ook in het weekend bereikbaar?"],
        },
    ],
};
