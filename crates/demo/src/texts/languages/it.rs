//! Italian.

use super::{Language, Remarks};

pub(super) const LANGUAGE: Language = Language {
    code: "it",
    hello: &["[Ciao|Buongiorno|Buonasera|Salve]", "Ciao [a tutti|ragazzi]"],
    bye: &["[Grazie|Grazie mille|Cordiali saluti|Un saluto]", "Resto in attesa"],
    negative_tail: &[
        "[Davvero frustrante|Sono molto deluso|Non se ne può più]",
        "[Sistematelo, per favore|Quando verrà risolto?]",
        "Stiamo già cercando [un'alternativa|altro]",
    ],
    positive_tail: &[
        "[Complimenti|Bravissimi|Continuate così]!",
        "[Lo consiglio a tutti|Consigliatissimo]",
        "Tutta la squadra è [contenta|entusiasta]",
    ],
    remarks: &[
        Remarks {
            topic: "login_access",
            negative: &[
                "Non riesco [ad accedere|a entrare nel mio account] da [ieri|lunedì|{2-6} giorni], [la password viene rifiutata|la pagina torna sempre all'inizio]",
                "Vengo disconnesso [ogni ora|di continuo] e il codice [non arriva mai|è sempre scaduto]",
            ],
            positive: &["L'accesso con l'impronta è [comodissimo|velocissimo]"],
            neutral: &["Come posso [cambiare la password|attivare l'accesso a due fattori]?"],
        },
        Remarks {
            topic: "performance",
            negative: &[
                "[Lentissimo|Di una lentezza esasperante], per aprire una bacheca ci vogliono {15-45} secondi",
                "Dopo l'aggiornamento va tutto a scatti, [non si lavora più|perdiamo ore]",
            ],
            positive: &[
                "[Velocissimo|Una scheggia], [le bacheche si aprono subito|anche quelle grandi]",
                "Ultimamente è molto più veloce, [ottimo lavoro|si sente]",
            ],
            neutral: &["La velocità è nella media"],
        },
        Remarks {
            topic: "stability",
            negative: &[
                "L'app si chiude da sola [continuamente|quando apro una scheda], ho perso [tutto il lavoro|la bozza]",
            ],
            positive: &["[Molto stabile|Mai un blocco in {3-9} mesi]"],
            neutral: &["Dove trovo il registro degli errori?"],
        },
        Remarks {
            topic: "availability",
            negative: &[
                "Servizio irraggiungibile dalle {8-11}, [errore 503 ovunque|siamo tutti fermi]",
                "Un altro disservizio, [il terzo questo mese|e nessuna comunicazione]",
            ],
            positive: &["Nessun disservizio [quest'anno|in {6-12} mesi], [ottimo|chapeau]"],
            neutral: &["È prevista una manutenzione oggi?"],
        },
        Remarks {
            topic: "pricing",
            negative: &[
                "[Troppo caro|L'aumento di prezzo è assurdo], {20-45}% in più [per niente|per le stesse funzioni]",
            ],
            positive: &["[Ottimo rapporto qualità-prezzo|Prezzo onesto]"],
            neutral: &["C'è uno sconto per [associazioni|scuole]?"],
        },
        Remarks {
            topic: "usability",
            negative: &["Interfaccia [confusa|caotica], [servono {5-9} clic per tutto|non si trova niente]"],
            positive: &[
                "[Facilissimo|Semplicissimo] da usare, [tutto al posto giusto|anche il mio capo ci riesce]",
            ],
            neutral: &["Sarebbe utile un tasto per annullare"],
        },
        Remarks {
            topic: "support",
            negative: &["L'assistenza non risponde da {4-12} giorni, [pessimo servizio|vergognoso]"],
            positive: &[
                "[Assistenza eccellente|Assistenza gentilissima], [risposta in pochi minuti|problema risolto in giornata]",
            ],
            neutral: &["L'assistenza risponde anche nel fine settimana?"],
        },
    ],
};
