//! German.

use super::{Language, Remarks};

pub(super) const LANGUAGE: Language = Language {
    code: "de",
    hello: &[
        "[Hallo|Guten Tag|Guten Morgen|Moin|Servus]",
        "Hallo [zusammen|liebes Team]",
        "Sehr geehrte Damen und Herren",
    ],
    bye: &[
        "[Viele|Beste|Freundliche] Grüße",
        "[Danke|Vielen Dank|Besten Dank im Voraus]",
        "[Grüße aus dem Büro|LG]",
    ],
    negative_tail: &[
        "[Das ist sehr ärgerlich|So kann man nicht arbeiten|Das nervt gewaltig]",
        "[Bitte dringend beheben|Wann wird das endlich repariert?]",
        "Wir sehen uns schon nach [Alternativen|etwas anderem] um",
        "Für den Preis [erwarte ich mehr|ein Armutszeugnis]",
    ],
    positive_tail: &[
        "[Weiter so|Klasse|Danke dafür]!",
        "[Kann ich nur empfehlen|Absolute Empfehlung]",
        "[Das ganze Team|Mein Chef] ist begeistert",
    ],
    remarks: &[
        Remarks {
            topic: "login_access",
            negative: &[
                "Ich [kann mich seit {2-9} Tagen nicht mehr anmelden|komme nicht mehr in mein Konto], [das Passwort wird nicht erkannt|die Seite dreht sich nur im Kreis]",
                "[Ständig|Mehrmals am Tag] werde ich [abgemeldet|ausgeloggt] und der Code kommt [zu spät|nie] an",
            ],
            positive: &[
                "Die Anmeldung per Fingerabdruck [klappt wunderbar|ist superschnell]",
                "Endlich [Single Sign-on|eine einfache Anmeldung], [toll|perfekt gelöst]",
            ],
            neutral: &[
                "[Wie kann ich|Wo kann ich] [mein Passwort ändern|die Zwei-Faktor-Anmeldung einschalten]?",
            ],
        },
        Remarks {
            topic: "performance",
            negative: &[
                "[Furchtbar langsam|Viel zu langsam|Quälend langsam], [ein Board lädt {15-50} Sekunden|man kann beim Laden Kaffee holen]",
                "Seit dem letzten Update [ruckelt alles|reagiert die Oberfläche träge], [so macht die Arbeit keinen Spaß|das kostet uns jeden Tag Zeit]",
            ],
            positive: &[
                "[Rasend schnell|Läuft flüssig], auch große Boards [öffnen sofort|sind gleich da]",
                "Seit Kurzem [merklich|deutlich] schneller, [super|sehr angenehm]",
            ],
            neutral: &["Die Ladezeit ist [in Ordnung|durchschnittlich]"],
        },
        Remarks {
            topic: "stability",
            negative: &[
                "Die App stürzt [dauernd|beim Öffnen von Karten|{3-7}-mal am Tag] ab und [alles Getippte ist weg|ich fange von vorne an]",
                "[Schon wieder|Heute wieder] ein Absturz, [drei Stunden Arbeit verloren|Entwurf verloren]",
            ],
            positive: &["[Läuft absolut stabil|Kein einziger Absturz in {3-9} Monaten]"],
            neutral: &["Gibt es ein Absturzprotokoll, das ich schicken kann?"],
        },
        Remarks {
            topic: "availability",
            negative: &[
                "[Nichts geht mehr|Alles offline], der Dienst ist seit {7-11} Uhr nicht erreichbar, [wir bekommen nur Fehler 503|die Server antworten nicht]",
                "[Wieder|Schon wieder] ein Ausfall, {4-20} Leute [sitzen untätig herum|können nicht arbeiten]",
            ],
            positive: &["Seit [einem Jahr|{6-12} Monaten] kein Ausfall, [Respekt|hervorragend]"],
            neutral: &["Ist heute eine Wartung geplant?"],
        },
        Remarks {
            topic: "pricing",
            negative: &[
                "[Viel zu teuer|Die Preiserhöhung ist eine Frechheit], {20-45} % mehr für [nichts|dieselben Funktionen]",
                "Für [kleine Betriebe|einen Verein] ist der Preis [nicht mehr tragbar|einfach zu hoch]",
            ],
            positive: &["[Faires|Sehr gutes] Preis-Leistungs-Verhältnis"],
            neutral: &["Gibt es [einen Rabatt für Vereine|einen günstigeren Tarif für kleine Teams]?"],
        },
        Remarks {
            topic: "billing",
            negative: &[
                "Im {month} wurde [zweimal|doppelt] abgebucht, die Erstattung [lässt auf sich warten|kam nie]",
                "Auf der Rechnung [stimmt die USt-IdNr. nicht|stehen {3-8} Nutzer, die längst weg sind]",
            ],
            positive: &[
                "Die Rechnungen sind [übersichtlich|immer pünktlich da], [die Buchhaltung freut sich|sehr gut]",
            ],
            neutral: &["Wo finde ich die Rechnung vom letzten Monat?"],
        },
        Remarks {
            topic: "usability",
            negative: &[
                "[Unübersichtlich|Völlig verschachtelte Menüs], für [jede Kleinigkeit|eine Karte] braucht man {5-9} Klicks",
                "Die neue Oberfläche ist [ein Rückschritt|verwirrend], [man findet nichts mehr|wo ist der Speichern-Knopf?]",
            ],
            positive: &[
                "[Sehr einfach|Kinderleicht] zu bedienen, [sogar mein Chef kommt klar|man findet alles sofort]",
                "[Schönes, aufgeräumtes|Klares] Design, [macht Freude|gefällt mir sehr]",
            ],
            neutral: &["Bitte [eine Rückgängig-Taste|Tastenkürzel] ergänzen"],
        },
        Remarks {
            topic: "support",
            negative: &[
                "Der Support [antwortet seit {4-12} Tagen nicht|schickt nur Textbausteine], [sehr enttäuschend|unmöglich]",
            ],
            positive: &[
                "[Sehr netter|Großartiger|Schneller] Support, [nach zehn Minuten war alles gelöst|kompetent und geduldig]",
                "Danke an {agent} vom Support, [das war spitze|selten so gute Hilfe erlebt]",
            ],
            neutral: &["Ist der Support auch am Wochenende erreichbar?"],
        },
        Remarks {
            topic: "sync",
            negative: &[
                "Die Synchronisierung [hängt|bricht ab], auf der Baustelle [sind alle Einträge weg|fehlt die Hälfte]",
            ],
            positive: &["Offline eintragen und abends abgleichen, [klappt einwandfrei|genial]"],
            neutral: &["Wie lange werden Offline-Änderungen aufbewahrt?"],
        },
        Remarks {
            topic: "localization",
            negative: &[
                "Die deutsche Übersetzung ist [holprig|halb Englisch], [peinlich|bitte überarbeiten]",
            ],
            positive: &["Schön, dass es [endlich|jetzt] auf Deutsch ist"],
            neutral: &["Kommt noch [eine Schweizer Version|das Datumsformat TT.MM.JJJJ]?"],
        },
    ],
};
