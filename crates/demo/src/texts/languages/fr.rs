//! French.

use super::{Language, Remarks};

pub(super) const LANGUAGE: Language = Language {
    code: "fr",
    hello: &["[Bonjour|Bonsoir|Salut]", "Bonjour [à tous|l'équipe]", "Madame, Monsieur"],
    bye: &["[Cordialement|Bien à vous|Merci d'avance]", "[Bonne journée|Merci et à bientôt]"],
    negative_tail: &[
        "[C'est vraiment pénible|C'est inadmissible|J'en ai assez]",
        "[Merci de corriger au plus vite|Quand est-ce que ce sera réparé ?]",
        "On regarde déjà [ailleurs|la concurrence]",
        "À ce prix-là, [on attend mieux|c'est une honte]",
    ],
    positive_tail: &[
        "[Bravo|Continuez comme ça|Merci beaucoup] !",
        "[Je recommande|Je le conseille à tout le monde]",
        "[Toute l'équipe|Mon chef] adore",
    ],
    remarks: &[
        Remarks {
            topic: "login_access",
            negative: &[
                "Impossible de me connecter depuis [hier|{2-6} jours], [mon mot de passe est refusé|la page revient sans cesse au début]",
                "Je suis déconnecté [toutes les heures|dix fois par jour] et le code [n'arrive jamais|est toujours expiré]",
            ],
            positive: &["La connexion par empreinte est [géniale|très rapide]"],
            neutral: &["Comment [changer l'adresse de connexion|réinitialiser mon mot de passe] ?"],
        },
        Remarks {
            topic: "performance",
            negative: &[
                "C'est [d'une lenteur incroyable|beaucoup trop lent], un tableau met {15-45} secondes à s'ouvrir",
                "Tout rame depuis [la mise à jour|une semaine], [on perd un temps fou|insupportable]",
            ],
            positive: &[
                "[Très rapide|Ultra fluide], même les gros tableaux s'ouvrent [d'un coup|tout de suite]",
                "Bien plus rapide [qu'avant|ces derniers temps], bravo",
            ],
            neutral: &["La vitesse est correcte, sans plus"],
        },
        Remarks {
            topic: "stability",
            negative: &[
                "L'application plante [sans arrêt|dès que j'ouvre une carte], j'ai perdu [une heure de travail|tout mon brouillon]",
            ],
            positive: &["[Très stable|Aucun plantage en {3-9} mois]"],
            neutral: &["Où trouver le journal des plantages ?"],
        },
        Remarks {
            topic: "availability",
            negative: &[
                "Encore une panne, [le service est inaccessible depuis {8-11} h|erreur 503 partout], {5-20} personnes [bloquées|les bras croisés]",
                "Plus rien ne répond [ce matin|depuis midi], et la page d'état dit que tout va bien",
            ],
            positive: &["Pas une seule panne [cette année|depuis {6-12} mois], chapeau"],
            neutral: &["Une maintenance est-elle prévue [aujourd'hui|ce week-end] ?"],
        },
        Remarks {
            topic: "pricing",
            negative: &[
                "[Beaucoup trop cher|La hausse de prix est scandaleuse], {20-45} % de plus pour [rien|les mêmes fonctions]",
                "Trop cher pour [une petite association|un artisan seul]",
            ],
            positive: &["[Excellent rapport qualité-prix|Un prix très honnête]"],
            neutral: &["Y a-t-il [un tarif pour les associations|une remise à l'année] ?"],
        },
        Remarks {
            topic: "billing",
            negative: &[
                "J'ai été [débité|facturé] deux fois en {month} et [aucun remboursement|personne ne répond]",
            ],
            positive: &["Factures claires, [toujours à l'heure|rien à redire]"],
            neutral: &["Où télécharger la facture du mois dernier ?"],
        },
        Remarks {
            topic: "usability",
            negative: &[
                "L'interface est [un labyrinthe|confuse], il faut {5-9} clics pour [tout|déplacer une carte]",
            ],
            positive: &[
                "[Très simple|Un vrai plaisir] à utiliser, [tout est à sa place|on s'y retrouve tout de suite]",
                "Belle interface, [claire et agréable|intuitive]",
            ],
            neutral: &["Un bouton « annuler » serait [utile|bienvenu]"],
        },
        Remarks {
            topic: "support",
            negative: &[
                "Le support ne répond pas depuis {4-12} jours, [c'est lamentable|on se sent abandonnés]",
            ],
            positive: &[
                "[Support au top|Service client formidable], [réponse en dix minutes|problème réglé dans la journée]",
                "Un grand merci à {agent} du support, [d'une patience rare|très compétent]",
            ],
            neutral: &["Peut-on joindre le support par téléphone ?"],
        },
        Remarks {
            topic: "mobile_app",
            negative: &[
                "L'appli mobile [vide la batterie|est inutilisable sur petit écran], [la moitié des fonctions manque|dommage]",
            ],
            positive: &["L'appli mobile est [parfaite sur le chantier|super pratique]"],
            neutral: &["L'appli aura-t-elle la vue calendrier ?"],
        },
        Remarks {
            topic: "sync",
            negative: &[
                "La synchronisation ne marche pas, [mes saisies hors ligne ont disparu|le bureau ne voit rien]",
            ],
            positive: &["Le mode hors ligne [nous a sauvés|fonctionne à merveille]"],
            neutral: &["Combien de temps les modifications hors ligne sont-elles gardées ?"],
        },
    ],
};
