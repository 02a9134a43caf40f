//! The words by which each language of the Latin script is told: its function words, and what people say of
//! products. A word that several share counts less for each.

/// ISO 639-1 code, words.
pub(super) const WORDS: &[(&str, &str)] = &[
    (
        "en",
        "the and is it this that to of for in on with not but was are have has had you your my we our they their i i'm \
         it's don't doesn't can't didn't won't isn't i've would could should will can be been being when what which who \
         how why where there here than then too very so just only also all any some more most much many every each \
         after before since until while about into from by at or if as an a me us he she him her them these those do \
         does did get gets got make makes made now never always again still even really great good bad love like likes \
         hate works work working worked use using used please thanks thank you need needs want wants would easy slow \
         fast nice awesome terrible horrible amazing excellent poor best worst better worse keeps crashes crash broken \
         happy helpful app update time support team customer service price expensive cheap buy paid money back out up \
         cannot can't couldn't wouldn't no nothing new old last week month year day days hours minutes one two first \
         because however though great! ok okay well perfect perfectly simple useful useless feature features fix fixed \
         issue issues problem problems bug bugs login password account page screen button search export import \
         guess guys lol omg yeah nope today yesterday tomorrow monday tuesday wednesday thursday friday \
         saturday sunday something anything everything someone anyone everyone think thought know knew said \
         say see seen look looks find found give gave tell told try tried stop stopped start started call \
         called open close closed delete cancel refund charged twice please pls thx wish hope feel feels \
         people thing things way company product design mode dark website between without both other another \
         same different already almost quite enough rather though whole years ago each once nobody everybody \
         waste recommend recommended disappointed frustrating annoying ridiculous confusing reliable smooth \
         clean quick quickly \
         waiting wait waited came come comes coming hasn't haven't hadn't weren't wasn't aren't shouldn't he's \
         she's they're we're you're you've we've they've they'll we'll you'll i'll i'd he'd she'd there's \
         that's what's let's who's able above across actually add added adding against ahead alone along \
         although among annoyed answer answered answers anyway anywhere apart appear appeared appreciate \
         around arrive arrived ask asked asking away awful became become behind believe below beside besides \
         big bit bought break breaks bring brought build built business calling card care careful case cause \
         caused certain certainly change changed changes check checked choice choose clear clearly click \
         comfortable comment comments common compared complain complaint complete completely concern confused \
         consider contact continue cost costs couple course cover customers data deal decent decide definitely \
         deliver delivered delivery deserve details die difference difficult disappointing done door down \
         during earlier early easier easily effort either else email end ended enjoy enjoyed entire especially \
         ever exactly example except expect expected experience explain explained extra extremely eye face \
         fact fail failed fails fair fairly far faster favourite favorite few figure file files finally fine \
         finish finished follow following food forget former forward four free friend friendly friends front \
         full fun further future game general generally getting girl given gives giving glad goes going gone \
         gonna gotten guy half hand handle happen happened happens hard hardly having hear heard hell help \
         helped helps herself higher highly himself his hold home honestly hoping hot hour house huge idea \
         important impossible impressed improve improved improvement include included including info \
         information inside instead interesting its itself job joke keep keeping kept kind lack large larger \
         late lately later latest laugh learn least leave leaves left less let lets level life light limited \
         line list listen little live load loading local long longer looked looking lose losing lost lot lots \
         loved lovely low lower lucky main maintain making manage manager matter maybe mean means meant meet \
         member mention message messages might mind mine minor miss missed missing mobile moment months mostly \
         move moved multiple must myself name near nearly necessary needed neither nicely night noticed \
         nowhere number occasionally off offer offered often oh older ones online onto opened opening opinion \
         options order ordered ordinary original otherwise ought ours ourselves outside outstanding overall \
         own part parts past patience patient per perhaps person phone pick picture piece place plan play \
         pleasant pleased plenty plus point poorly positive possible post pretty previous probably \
         professional promise promised proper properly prove provide provided purchase purchased put quality \
         question questions quicker quiet read reading ready real realised realize reason reasonable received \
         recent recently refuse refused regarding regular reply report reports request require response rest \
         result return returned review right room rubbish run running sad safe satisfied save saved saw saying \
         says sec seconds seeing seem seems self send sending sent serious seriously seven several shall shame \
         shop short show shown shows side sign similar sit site sitting situation six size skip sleep slower \
         small smart smile sold solution solve solved somehow somewhere soon sorry sort sound sounds speak \
         special spend spent staff stand starts state stay step sticking stopping store story straight strong \
         stuff stupid style such suck sucks suddenly suggest suggestion sure surprised switch system take \
         taken takes taking talk talking taste telling tells ten terms test text theirs themselves therefore \
         thinking thinks third three through throughout tho till tired together tonight took top total totally \
         touch towards treat treated treatment trouble true truly trust trying turn turned type typical ugh \
         ugly under understand unfortunately unhappy unless unlike upset upon user users usual usually value \
         various version via view visit waits walk wanna wanted wanting warm wasted watch watching ways \
         weekend welcome went whatever whenever wherever whether whichever whoever whom whose wife win wonder \
         wonderful won word words wording world worried worry worth wrong wrote yes yet young yours yourself \
          zero brilliant fantastic absolutely reset mail mails arrives setting settings invoice invoices \
         calendar notification notifications attachments board boards task tasks crashed freezes lag lags \
         laggy glitch glitchy curve learning intuitive navigation tool tools solid seamless clunky outdated \
         pricing subscription upgrade upgraded downgrade billing needs pay pays fee fees transfer transfers \
         cash allowed available set setup charge charges exist exchange bank accepted able insist wow",
    ),
    (
        "de",
        "der die das und ist nicht ich sie es ein eine einen einem einer mit auf für von dem den des zu im in aber auch \
         wie wir ihr mein meine meiner euer eure sehr gut schlecht leider immer wieder noch schon nur kann können \
         könnte wird werden wurde war waren hat haben hatte bin sind seit nach bei bis beim zum zur vom aus über unter \
         wenn weil dass daß oder als so man mir mich uns euch kein keine keinen nichts alles mehr viel viele bitte danke \
         funktioniert geht läuft stürzt ab seitdem jetzt heute gestern woche monat jahr neue neuen neues toll klasse \
         einfach schnell langsam teuer günstig preis rechnung anmelden anmeldung passwort konto hilfe fehler macht \
         gibt keine würde sollte muss müssen möchte habe hab habt doch mal dann da hier dort ganz ziemlich endlich \
         zufrieden unzufrieden freundlich kundenservice mitarbeiter super echt warum wann was wer wo diese dieser dieses \
         durch ohne gegen während trotzdem jedoch jedes jeden leicht schwer besser schlechter nie nicht's hätte wäre \
         montag dienstag mittwoch donnerstag freitag samstag sonntag ständig täglich beste besten bestes spaß \
         freue schön schöne schade leute sache teil ganze ganzen diesem etwas weiter zurück bekommen bekomme \
         gemacht gekauft bezahlt kündigen kündigung geld antwort keiner niemand jemand unser unsere unserem \
         ihre ihren seine seinen eurem bisher früher später gleich oft selten manchmal lange kurz bereits \
         sogar zwar weiß finde finden findet nutze nutzen nutzung umsonst unbrauchbar übersichtlich \
         unübersichtlich hängt dauert stunden tage wochen empfehlen empfehle netter nett kaputt abgebucht \
         doppelt warten geöffnet öffnen speichern bericht suche \
         jener jede jedem welche welcher welches deren dessen dazu davon dafür damit daran darauf dabei daher \
         deshalb deswegen also außerdem ebenfalls sowie sowohl entweder weder zwischen neben hinter vor um \
         herum etwa fast genug genau eigentlich wohl eben halt bloß nämlich überhaupt jedenfalls möglich \
         möglichst bald sofort plötzlich letzte letzten letzter letztes erste ersten erster zweite male \
         mehrere einige einigen manche alle allen beide anderer andere anderen anders selbst total völlig \
         absolut wirklich richtig falsch klar ding dinge zeit leben stunde minute minuten sekunden kommt \
         kommen kam gekommen antwortet antworten beantwortet gelöst lösen lösung warte wartet braucht brauche \
         brauchen benutzt benutzen versteht verstehen sucht suchen steht stehen nimmt nehmen sollen sollten \
         müssten könnten dürfen darf wollen wollte wollten hatten gehabt gewesen geworden worden gibt's klappt \
         wunderbar gewaltig nervt nerven absturz abstürze absturzes begeistert einziger einzige einziges chef \
         team kollegen firma arbeit arbeiten kauf kaufen bestellt lieferung versand kosten kostet dringend \
         beheben behoben schnelle schneller schnelles rechnungen karte menü menüs vielen dank \
         freundlichen grüße grüßen gruß hallo guten tag design merklich rasend empfehlung deutsch finger",
    ),
    (
        "fr",
        "le la les un une des du de et est pas ne que qui quoi dans pour sur avec sans mais ou où je tu il elle nous \
         vous ils elles mon ma mes votre vos notre nos leur leurs ce cet cette ces c'est j'ai n'est qu'il d'un d'une \
         l'application très bien mal trop plus moins toujours jamais encore aussi depuis après avant quand comme si tout \
         tous toute toutes rien être avoir fait faire peut peux suis sont était ai a ont au aux par chez bon bonne \
         merci bravo dommage j'aime j'adore parfait marche fonctionne lent rapide cher prix facture compte mot \
         passe connexion mise à jour nouvelle nouveau semaine mois fois problème erreur aide équipe déçu déçue ravie \
         ravi content contente impossible facile pratique simple nul nulle vraiment beaucoup peu même déjà quel \
         quelle pourquoi comment donc alors car ça cela s'il plaît impeccable correct hyper génial excellente excellent \
         lundi mardi mercredi jeudi vendredi samedi dimanche appli plante adore meilleur meilleure meilleurs \
         serait d'avoir avoir outil année ans jours jour temps jamais personne quelqu'un quelque chose autre \
         autres mêmes argent remboursé remboursement payé acheté facturé deux trois dois doit veux voudrais \
         aimerais utiliser utilise utilisation connecter ouvrir ouvre recherche lente lents bug sympa agréable \
         clair rien ni pourtant cependant maintenant aujourd'hui hier demain souvent parfois longtemps déjà \
         sûr bref voilà bah bof franchement j'aurais j'attends l'interface l'équipe l'année clients client \
         recommande déplorable catastrophe horrible inutile inutilisable \
         l' d' c' j' n' s' m' t' qu' jusqu' lorsqu' puisqu' lui y en se soi celui celle ceux dès vers sous \
         entre pendant ainsi ensuite enfin surtout toutefois malgré selon afin lorsque puisque tandis tant \
         autant assez plutôt presque gros grand grande petit petite belle beau belles nouveaux premier \
         première dernier dernière plusieurs certains chaque aucun aucune tel telle dit dire vois voir va vont \
         venir vient prend prendre met mettre trouve trouver cherche donne donner reste demande demander \
         répond répondre répondu appelé attendre attends attente doivent peuvent pouvoir pourrait devrait \
         savoir sait sais faut font sera seront étaient étions avais avait avez avons êtes sommes écran réseau \
         fonction fonctions fonctionnalité manque manquent moitié bonsoir bonjour madame monsieur cordialement \
         salut réponse réponses appel gratuit gratuite abonnement tarif tarifs achat commande livraison colis \
         comptes mobile fluide tableau tableaux calendrier chef collègue collègues regarde conseille rapport \
         qualité-prix hors ligne merveille inadmissible",
    ),
    (
        "es",
        "el la los las un una unos unas de del y es no que en por para con sin pero o yo tú él ella nosotros ustedes mi \
         mis su sus se lo le les me te nos muy más menos bien mal también siempre nunca todavía ya aún desde después \
         antes cuando como si todo todos toda todas nada ser estar está están estoy fue era son hay tiene tienen tengo \
         puede puedo pueden hacer hace hizo gracias bueno buena excelente malo mala pésimo pésima me encanta gusta \
         funciona lento lenta rápido rápida fácil difícil caro cara precio factura cuenta contraseña aplicación app \
         actualización nueva nuevo semana mes vez problema error ayuda equipo soporte servicio atención cliente \
         recomiendo porque qué quién cuál cómo dónde esta este esto esa ese eso aquí ahí solo sólo mucho mucha poco hasta \
         sobre entre al ha han he había sería podría favor falla sesión iniciar deja dejó perfecto genial \
         lunes martes miércoles jueves viernes sábado domingo cierra cierran cada vez abro abrir abre informe \
         entrar quiero quería querría dinero devuelvan cobraron cobran cobro pago pagar estaría tener bueno \
         buenos ahora hoy ayer mañana días años semanas meses nadie alguien algo otra otro otros mismo misma \
         tan tanto así además aunque entonces pues claro anterior mejor peor mejores experiencia cancelar usar \
         uso útil inútil lamentable horrible increíble herramienta búsqueda pantalla responden responde \
         contestan dos tres hice dije creo sé sea fui fueron nueva nuevos mejorar bastante demasiado casi \
         cual cuales cuyo donde quien quienes estos estas esos esas aquel aquella cosa cosas parte manera \
         forma vida tiempo hora horas minuto minutos segundos llegan llega llegar lleva llevo llevamos salvan \
         respondieron respondió resolvieron resuelto resolver solucionar solución atendieron queda quedo \
         espera espero esperando esperar sirve sirven usan entiende entender encuentro encontrar encuentra \
         busco buscar tarda tardan va van voy vamos ir venir viene pone poner sale salir toma tomar deben debe \
         debería podemos tuvo tuve tuvimos hubo habrá será serán hacemos hacen haciendo estamos estaban estuvo \
         jefe equipos pequeño pequeña pequeños grande grandes primer primera último última varios varias \
         cualquier ningún ninguna sencillo sencilla barato barata carísimo lentísimo buenísimo \
         rapidísimo velocidad tablero tableros pantallas diseño clara claras agradable recordatorios facturas \
         plan planes enhorabuena saludos hola buenas tardes noches estimado señores según durante \
         mediante contra ante bajo impresionante maravilla maravilloso desesperadamente \
         doble cuánto cuánta ni sino trabajo trabajar empresa compra compré pedido envío entrega",
    ),
    (
        "pt",
        "o a os as um uma uns umas de do da dos das e é não que em no na nos nas por para com sem mas ou eu ele ela nós \
         vocês você meu minha meus minhas seu sua seus suas se muito mais menos bem mal também sempre nunca ainda já \
         desde depois antes quando como tudo todos toda todas nada ser estar está estão estou foi era são há tem têm \
         tenho pode posso podem fazer faz fez obrigado obrigada bom boa ótimo ótima excelente ruim péssimo péssima \
         gosto adoro adorei gostei funciona lento lenta rápido rápida fácil difícil caro cara preço fatura conta senha \
         aplicativo aplicação atualização nova novo semana mês vez problema erro ajuda equipe equipa suporte serviço \
         atendimento recomendo porque quem qual onde esta este isso isto aqui só pouco até sobre entre ao à às pelo pela \
         num numa parabéns consigo consegui trava travando demora \
         segunda terça quarta quinta sexta sábado domingo cada vez abro abrir abre relatório entrar quero \
         queria dinheiro volta cobrado cobraram cobrança pagar paguei seria teria ter bom bons agora hoje \
         ontem amanhã dias anos semanas meses ninguém alguém algo outra outro outros mesmo mesma tão tanto \
         assim além embora então pois claro antigo antiga melhor pior melhores experiência cancelar usar uso \
         usei útil inútil horrível incrível ferramenta busca tela respondem responde dois duas três fui foram \
         podia poderia deveria reclamar certo certa cobrou fica ficou ficar muita muitos bastante demais quase \
         gente né \
         oi olá atenciosamente grato grata qualquer alguma algumas alguns nenhum nenhuma \
         aquele aquela aqueles esse essa esses essas deste desta desse nisso nele nela lhe lhes coisa coisas \
         parte forma vida tempo hora horas minuto minutos segundos chega chegam chegou resolveram resolvido \
         resolver resolvam solução atenderam aguardo aguardando espera espero esperando serve servem usam \
         entende entender acho achei encontrar encontro encontra procuro procurando procurar demoram vai vão \
         vou vamos ir vir vem põe sai sair toma tomar devem deve temos tinha teve tive houve haverá será serão \
         fazemos fazendo estamos estavam esteve estava fecha fecham sozinho perco perdi perder escrevi cartão \
         chefe equipes pequeno pequena pequenos grande grandes primeiro primeira último última vários várias \
         simples barato barata caríssimo rapidez velocidade telas design agradável lembretes faturas plano \
         planos enquanto durante contra perante conforme maravilhoso maravilhosa impressionante \
         alternativas continuem aprendeu trabalho trabalhar empresa compra comprei pedido envio entrega \
         celular digital prático prática travou dez logo",
    ),
    (
        "it",
        "il lo la i gli le un uno una di del della dei delle degli e è non che in per con su da dal dalla nel nella al \
         alla ma o io tu lui lei noi voi loro mio mia miei mie suo sua nostro vostro si mi ti ci vi molto più meno bene \
         male anche sempre mai ancora già dopo prima quando come se tutto tutti tutta tutte niente nulla essere stato \
         sono è era ho ha hanno abbiamo fare fa fatto può posso possono grazie buono buona ottimo ottima pessimo \
         pessima eccellente brutto funziona lento lenta veloce facile difficile caro cara prezzo fattura conto password \
         applicazione aggiornamento nuova nuovo settimana mese volta problema errore aiuto squadra assistenza servizio \
         cliente consiglio perché chi quale dove questo questa questi queste qui solo poco fino sopra tra però quindi \
         adesso ora dall'ultimo l'app dell'app c'è cos'è davvero purtroppo perfetto comodo semplice riesco \
         lunedì martedì mercoledì giovedì venerdì sabato domenica blocca bloccata ogni volta apro aprire apre \
         accedere vorrei voglio soldi rimborso addebitato pagare pagato sarebbe avere bello bella bel nuovi \
         nuove oggi ieri domani giorni anni settimane mesi nessuno qualcuno qualcosa altra altro altri stesso \
         stessa così tanto inoltre allora certo vecchia vecchio meglio peggio migliore migliori esperienza \
         cancellare disdire usare uso utile inutile orribile incredibile strumento ricerca schermo rispondono \
         risponde due tre credo dire detto gentile insomma pure proprio ormai adoro adorabile l'assistenza \
         l'applicazione l'aggiornamento un'app dell'ultimo nell'app all'app peccato consigliato consigliata \
         spesso \
         l' d' c' s' n' dell' all' nell' sull' dall' un' quest' quell' com' dov' anch' cui ne ed ad od sia né \
         oppure ossia poi mentre senza presso verso durante contro secondo circa quasi abbastanza piuttosto \
         soltanto solamente almeno intanto infatti anzi ciò quello quella quelli quelle alcuni alcune qualche \
         qualsiasi nessuna tanti tante parecchio cosa cose parte modo vita tempo ore minuto minuti secondi \
         arriva arrivano arrivare risolto risolta risolvere risolverà verrà risposto attesa aspetto aspettando \
         aspettare serve servono servirebbe usano capisce capire trova trovo trovare cerco cercare perdiamo \
         perdo va vanno vado andiamo andare venire viene mette mettere esce uscire prende prendere deve devono \
         dovrebbe potrebbe possiamo avevo aveva avuto sarà saranno facciamo facendo stiamo stava stavano sto \
         sta capo squadre piccolo piccola grandi grande primo ultimo ultima vari varie qualunque semplicissimo \
         comodissimo velocissimo lentissimo carissimo gentilissima gentilissimo velocità interfaccia schermata \
         schermate grafica chiara chiaro piacevole promemoria fatture piano piani complimenti saluti salve \
         buongiorno cordiali confusa confuso impronta giornata scatti lavoro lavorare azienda acquisto \
         comprato ordine spedizione consegna",
    ),
    (
        "nl",
        "de het een en is niet ik je jij u hij zij wij we jullie ze van in op met voor aan bij naar uit over onder maar \
         ook als dan dat die dit deze wat wie waar hoe waarom wanneer mijn jouw uw ons onze hun zijn was waren heeft \
         heb hebben had kan kunnen kon zou moet moeten wil worden wordt werd er te om tot al nog steeds weer altijd nooit \
         heel erg zeer goed slecht helaas geen niets alles meer veel weinig graag bedankt dank werkt werken traag snel \
         makkelijk moeilijk duur prijs factuur rekening wachtwoord inloggen nieuwe update week maand keer probleem fout \
         hulp klantenservice sinds na voor toen nu gisteren vandaag fijn fijne mooi mooie tevreden prima echt gewoon \
         want omdat zonder tegen door zo te echter jammer top geweldig handig alleen maak gaat doet \
         maandag dinsdag woensdag donderdag vrijdag zaterdag zondag steeds elke keer openen opent rapport \
         rapporten geld terug afgeschreven betalen betaald kost kosten zou fijn vandaag morgen dagen jaren \
         weken maanden niemand iemand iets andere ander hetzelfde zoals daarom echter bovendien dus beter \
         slechter beste ervaring opzeggen gebruiken gebruik gebruikt nuttig nutteloos verschrikkelijk \
         ongelofelijk zoeken scherm antwoord reageert twee drie denk zeg vind vinden oude nieuwe best wel toch \
         even misschien bijna genoeg beetje duidelijk onduidelijk overzichtelijk vriendelijk vriendelijke \
         kwijt lukt \
         welke wiens daarvan daarvoor daarmee daaraan daarop waarmee namelijk tevens zowel noch \
         tussen naast achter voordat nadat terwijl hoewel mits tenzij ongeveer precies eigenlijk zelfs vrij \
         behoorlijk helemaal absoluut klopt ding dingen tijd leven uur minuut minuten seconden komt komen kwam \
         gekomen antwoorden opgelost oplossen oplossing wacht wachten nodig begrijpt begrijpen zoek staat \
         staan neemt nemen zullen zouden mogen mag wilde wilden gehad geweest geworden lekker vlot grote \
         kleine eerste laatste tweede meerdere enkele sommige alle beide anders zelf helpdesk binnen collega \
         collega's bedrijf werk aankoop gekocht besteld bestelling levering verzending supersnelle supersnel \
         hallo goedendag groet groeten blij mee",
    ),
    (
        "sv",
        "och att det är en ett som på av för med den inte jag du han hon vi ni de om till från har hade kan kunde ska \
         skulle men så nu när var vad hur varför här där min mitt mina din ditt er ert vår vårt sig bara också mycket \
         mer alltid aldrig igen ännu redan efter innan eller utan över under bra dålig dåligt tyvärr ingen inget inga \
         allt alla tack fungerar funkar snabb snabbt långsam långsamt lätt svårt dyr dyrt pris faktura konto lösenord \
         logga uppdatering uppdateringen nya nytt vecka månad gång problem fel hjälp kundtjänst sedan älskar gillar \
         väldigt riktigt jättebra nöjd appen blir blev måste vill får går gör hela någon något än eftersom \
         måndag måndags tisdag onsdag torsdag fredag lördag söndag hela tiden öppnar öppna rapport rapporter \
         pengar pengarna tillbaka debiterad betala betalat kostar vore skulle fint idag igår imorgon dagar år \
         veckor månader ingen någon något annan annat samma dessutom alltså bättre sämre bästa upplevelse \
         avsluta använda använder användning användbar värdelös hemsk otrolig sök söka sökningen skärm svar \
         svarar två tre tror säger hitta gamla helt okej trevlig kraschar vilket vilken dessa denna detta \
         deras hans hennes lite nästan ganska ändå kanske verktyg verktyget konto",
    ),
    (
        "da",
        "og at det er en et som på af for med den ikke jeg du han hun vi i de om til fra har havde kan kunne skal skulle \
         men så nu når var hvad hvordan hvorfor her der min mit mine din dit jeres vores sig kun også meget mere altid \
         aldrig igen endnu allerede efter før eller uden over under god godt dårlig dårligt desværre ingen intet alt \
         alle tak virker fungerer hurtig hurtigt langsom langsomt nem nemt svært dyr dyrt pris faktura konto adgangskode \
         logge opdatering opdateringen nye nyt uge måned gang problem fejl hjælp kundeservice siden elsker kan lide \
         rigtig super tilfreds appen bliver blev må vil får går gør hele nogen noget end fordi selvom jer nej \
         mandag tirsdag onsdag torsdag fredag lørdag søndag hver gang åbner åbne rapport rapporter penge \
         tilbage trukket betale betalt koster ville fint dag dage uger måneder år ingen nogen noget anden \
         andet samme desuden altså bedre værre bedste oplevelse opsige bruge bruger brug ubrugelig forfærdelig \
         utrolig søg søge søgningen skærm svar svarer to tre tror siger finde gamle helt okay venlig hurtig \
         hvilken hvilket disse denne dette deres hans hendes lidt næsten ganske måske værktøj virkelig selv \
         gerne hvad sker vente blevet været havde gået ned",
    ),
    (
        "no",
        "og å det er en ei et som på av for med den ikke jeg du han hun vi dere de om til fra har hadde kan kunne skal \
         skulle men så nå når var hva hvordan hvorfor her der min mitt mine din ditt deres vår vårt seg bare også mye mer \
         alltid aldri igjen enda allerede etter før eller uten over under bra god godt dårlig dessverre ingen ingenting \
         alt alle takk fungerer virker rask raskt treg tregt sakte lett enkelt vanskelig dyr dyrt pris faktura konto \
         passord logge oppdatering oppdateringen nye nytt uke måned gang problem feil hjelp kundeservice siden elsker \
         liker veldig kjempebra fornøyd appen blir ble må vil får går gjør hele noen noe enn fordi \
         mandag tirsdag onsdag torsdag fredag lørdag søndag hver gang åpner åpne rapport rapporter penger \
         pengene tilbake trukket betale betalt koster ville fint dag dager uker måneder år ingen noen noe \
         annen annet samme dessuten altså bedre verre beste opplevelse avslutte bruke bruker bruk ubrukelig \
         forferdelig utrolig søk søke søket skjerm svar svarer to tre tror sier finne gamle helt greit \
         hyggelig hvilken hvilket disse denne dette deres hans hennes litt nesten ganske kanskje verktøy \
         virkelig selv gjerne skjer vente blitt vært hadde gått kundeservicen krasjer",
    ),
    (
        "fi",
        "ja on ei se että en olen et ole olet oli ovat mutta myös kun niin jos tai kuin minä sinä hän me te he minun \
         sinun tämä tämän nämä nyt sitten vain vielä aina koskaan taas jo hyvin hyvä huono paljon enemmän erittäin \
         todella liian ilman kanssa jälkeen ennen mitä miten miksi missä mikä kuka voi voin ei toimi toimii kiitos \
         sovellus sovelluksen sovellusta päivitys päivityksen jälkeen hidas nopea helppo vaikea kallis hinta lasku tili \
         salasana kirjautua kirjautuminen uusi viikko kuukausi ongelma virhe apu asiakaspalvelu valitettavasti \
         tykkään rakastan kaikki mitään eikä ihan tosi mielestäni koko sen siitä siinä joka jotka olisi pitäisi \
         maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai maanantaista jatkuvasti joka kerta \
         avaan avata raportti rahat takaisin maksaa maksoin haluan haluaisin tänään eilen huomenna päivää \
         vuotta viikkoa kukaan joku jotain muu toinen sama parempi huonompi paras kokemus käyttää käytän \
         hyödyllinen hyödytön kamala uskomaton haku vastaus vastaa kaksi kolme luulen vanha uusi melkein ehkä",
    ),
    (
        "pl",
        "i w na z nie się że to jest do od za po o u ale a jak co czy tak już tylko bardzo też jeszcze zawsze nigdy znowu \
         dla przez przed pod nad bez przy ja ty ona wy oni mój moja moje twój nasz wasz jego jej ich mnie mi cię \
         nam był była było były są będzie może mogę można mam ma mają dobrze dobra dobry źle zła zły niestety dziękuję \
         działa działają szybko szybka wolno wolna łatwo łatwa trudno drogo drogi cena faktura konto hasło zalogować \
         logowanie aplikacja aplikacji aplikację aktualizacja aktualizacji nowa nowy tydzień miesiąc raz problem błąd \
         pomoc obsługa klienta polecam świetna świetny kiedy gdzie dlaczego który która które ten ta te tym tego \
         więc bo żeby aby ponieważ oraz lub nic wszystko ciągle od ostatniej kocham lubię \
         poniedziałek wtorek środa czwartek piątek sobota niedziela poniedziałku zawiesza zawiesiła otwieram \
         otworzyć raport pieniądze pieniędzy zwrot zwrotu pobrano płacić zapłaciłem chcę chciałbym chciałabym \
         dzisiaj dziś wczoraj jutro dni lat lata miesięcy tygodni nikt ktoś coś inny inna inne taki taka takie \
         lepszy lepsza lepiej gorszy gorzej najlepsza najlepsze najlepszy doświadczenie usunąć zrezygnować \
         używać używam użyteczny bezużyteczny okropna okropny fatalna fatalny wyszukiwanie ekran odpowiedź \
         odpowiada dwa trzy razy myślę stary stara nowego proszę trochę prawie dość może tryb gdy jest miła \
         miło zdecydowanie",
    ),
    (
        "cs",
        "a v na s z se že je to do od za po o u ale jak co tak už jen velmi také ještě vždy nikdy zase pro přes před pod \
         nad bez při já ty ona vy oni můj moje moji tvůj náš váš jeho její jejich mě mi vám nám byl byla bylo byly \
         jsou jsem bude může můžu mohu mám má mají dobře dobrá dobrý špatně špatná špatný bohužel děkuji díky funguje \
         nefunguje rychle rychlá pomalu pomalá snadno těžko drahé drahá cena faktura účet heslo přihlásit přihlášení \
         aplikace aplikaci aktualizace aktualizaci nová nový týden měsíc problém chyba pomoc podpora zákaznická \
         doporučuji skvělá skvělý když kde proč který která které ten ta tato tento protože nebo není nic všechno \
         stále miluji líbí jsme není poslední \
         pondělí úterý středa čtvrtek pátek sobota neděle pořád pokaždé otevřu otevřít zpráva peníze zpět \
         zaplatil platit chci chtěl chtěla dnes včera zítra dny let měsíců nikdo někdo něco jiný jiná stejný \
         lepší horší nejlepší zkušenost používat používám užitečný neužitečný hrozné strašné hledání obrazovka \
         odpověď odpovídá neodpovídá dva tři myslím starý stará trochu skoro docela možná",
    ),
    (
        "sk",
        "a v na s z sa že je to do od za po o u ale ako čo tak už len veľmi tiež ešte vždy nikdy zase pre cez pred pod \
         nad bez pri ja ty ona vy oni môj moja moje tvoj náš váš jeho jej ich mňa mi vám nám bol bola bolo boli sú \
         som bude môže môžem mám má majú dobre dobrá dobrý zle zlá zlý bohužiaľ ďakujem vďaka funguje nefunguje rýchlo \
         rýchla pomaly pomalá ľahko ťažko drahé drahá cena faktúra účet heslo prihlásiť prihlásenie aplikácia aplikácie \
         aplikáciu aktualizácia aktualizácii nová nový týždeň mesiac problém chyba pomoc podpora odporúčam skvelá \
         skvelý keď kde prečo ktorý ktorá ktoré ten tá táto tento pretože alebo nie nič všetko stále milujem páči sme \
         pondelok utorok streda štvrtok piatok sobota nedeľa stále zakaždým otvorím otvoriť správa peniaze \
         späť zaplatil platiť chcem chcel chcela dnes včera zajtra dni rokov mesiacov nikto niekto niečo iný \
         iná rovnaký lepší horší najlepší skúsenosť používať používam užitočný zbytočný hrozné strašné \
         hľadanie obrazovka odpoveď odpovedá neodpovedá dva tri myslím starý stará trochu skoro celkom možno",
    ),
    (
        "hu",
        "a az és nem hogy is egy van volt de meg csak már még mert ha mint vagy nagyon ez ezt azt ami aki itt ott most \
         mindig soha újra után előtt nélkül jó rossz sajnos köszönöm köszi működik nem működik gyors lassú könnyű nehéz \
         drága ár számla fiók jelszó bejelentkezés bejelentkezni alkalmazás alkalmazást frissítés frissítés óta új hét \
         hónap probléma hiba segítség ügyfélszolgálat szeretem tetszik ajánlom minden semmi miért hogyan mikor hol ki mi \
         én te ő mi ti ők nekem nekünk kell lehet tudok tudom lett lesz volna vannak voltak szuper kiváló egyszerű óta \
         összeomlik folyamatosan utolsó \
         hétfő kedd szerda csütörtök péntek szombat vasárnap folyton állandóan minden alkalommal megnyitom \
         jelentés pénz pénzem vissza fizetni fizettem szeretném akarok ma tegnap holnap nap év hónapja hete \
         senki valaki valami más ugyanaz jobb rosszabb legjobb élmény használni használom hasznos \
         használhatatlan szörnyű hihetetlen keresés képernyő válasz válaszol nem válaszolnak kettő három \
         szerintem régi kicsit majdnem elég talán",
    ),
    (
        "ro",
        "și si în de la cu pe nu este e sunt un o ca că să se mai dar care ce din pentru după fără foarte bine rău prea \
         tot toate nimic mereu niciodată încă deja când cum unde cine eu tu el ea noi voi ei mea meu mele nostru vostru \
         am ai are au avea fost era fi poate pot face făcut mulțumesc mersi bun bună excelent funcționează merge lent \
         rapid ușor greu scump preț factură cont parolă autentificare aplicația aplicație actualizare actualizarea nouă \
         nou săptămână lună problemă eroare ajutor echipa suport recomand îmi place iubesc acum aici doar deci sau nici \
         prin până asta acest această această aceasta din păcate \
         luni marți miercuri joi vineri sâmbătă duminică mereu fiecare dată deschid raport bani banii înapoi \
         plătit plătesc vreau aș dori astăzi azi ieri mâine zile ani săptămâni nimeni cineva ceva alt altă \
         același bine mai bun cel experiență folosesc util inutil groaznic incredibil căutare ecran răspuns \
         răspunde doi trei cred vechi veche nou aproape poate",
    ),
    (
        "tr",
        "ve bir bu çok da de için ile ama değil var yok ne ben sen biz siz onlar o benim senin bizim sizin daha en her \
         hiç gibi kadar sonra önce artık hala hâlâ yine tekrar sadece bile mi mı mu mü iyi kötü güzel maalesef teşekkürler \
         teşekkür ederim çalışıyor çalışmıyor hızlı yavaş kolay zor pahalı ucuz fiyat fatura hesap şifre giriş uygulama \
         uygulamayı uygulaması güncelleme güncellemeden yeni hafta ay sorun hata yardım destek müşteri hizmetleri \
         harika süper tavsiye seviyorum beğendim neden nasıl nerede kim olarak oldu oluyor olmuş olan ediyor ediyorum \
         yapıyor sürekli son şey her şey lütfen \
         pazartesi salı çarşamba perşembe cuma cumartesi pazar pazartesiden beri sürekli kez para paramı ücret \
         alındı istiyorum isterim bugün dün yarın gün yıl kimse biri bir şey başka aynı böyle ayrıca yani daha \
         iyi kötü en berbat kullanmak kullanıyorum kullanışlı faydasız korkunç inanılmaz arama ekran cevap \
         veriyor vermiyor iki üç sanırım eski eskisi olsa olur olmaz olması yapamıyorum açılmıyor açınca \
         giremiyorum alamıyorum geri fena işte söyleyecek karışık mod hesabımı hizmet ekibi bu kadar şu hemen \
         belki neredeyse oldukça",
    ),
    (
        "id",
        "yang dan di ini itu tidak ada untuk dengan dari ke pada saya aku kamu anda kami kita mereka dia sudah belum \
         akan bisa juga sangat lebih paling tapi tetapi atau karena jika kalau saat setelah sebelum sejak lagi selalu \
         tidak pernah masih hanya saja bagus baik buruk jelek terima kasih mantap lambat cepat mudah sulit mahal murah \
         harga tagihan akun kata sandi masuk login aplikasi aplikasinya pembaruan terbaru baru minggu bulan masalah \
         bantuan layanan pelanggan tolong mohon kenapa bagaimana kapan dimana siapa apa nya banget nggak gak ga bisa \
         sekali semua tanpa seperti banyak adalah oleh suka membantu",
    ),
    (
        "vi",
        "và là của không có được cho với này đó trong khi một các những tôi bạn chúng mình nó rất quá nhưng mà thì cũng đã \
         đang sẽ lại vẫn chỉ nếu vì sao nào gì ai ở từ đến sau trước nữa hơn nhất tốt tệ xấu cảm ơn ứng dụng cập nhật \
         lỗi chậm nhanh dễ khó đắt rẻ giá hóa đơn tài khoản mật khẩu đăng nhập mới tuần tháng vấn đề hỗ trợ khách hàng \
         thích tuyệt vời làm ơn quá nhiều luôn phải bị",
    ),
    (
        "hr",
        "i u na s sa se da je to do od za po o ali kao što tako već samo vrlo jako također još uvijek nikad opet kroz pred \
         pod nad bez pri ja ti ona mi vi oni moj moja moje naš vaš njegov njezin njihov mene vam nam bio bila bilo bili \
         su sam će može mogu imam ima imaju dobro dobra dobar loše loša loš nažalost hvala radi ne radi brzo brza sporo \
         spora lako teško skupo cijena račun lozinka prijava prijaviti aplikacija aplikacije aplikaciju ažuriranje \
         ažuriranja nova novi tjedan mjesec problem greška pomoć podrška preporučujem odlična odličan kada gdje \
         zašto koji koja koje ovaj ova ovo jer ili nije ništa sve stalno volim sviđa nakon",
    ),
    (
        "ca",
        "el la els les un una uns unes de del i és no que en per amb sense però o jo tu ell ella nosaltres vosaltres meu \
         meva seu seva es li molt més menys bé malament també sempre mai encara ja des després abans quan com si tot tots \
         tota totes res ser estar està estan estic era són hi ha té tenen tinc pot puc poden fer fa gràcies bo bona \
         excel·lent dolent dolenta m'agrada funciona lent lenta ràpid ràpida fàcil difícil car cara preu factura compte \
         contrasenya aplicació actualització nova nou setmana mes vegada error ajuda equip suport servei \
         recomano perquè què qui quin aquest aquesta això aquí només poc fins sobre entre al dels als amb l'aplicació",
    ),
];

/// Letters that few languages write: the letters, the codes.
pub(super) const LETTERS: &[(&str, &str)] = &[
    ("ß", "de"),
    ("ä", "de sv fi sk"),
    ("ö", "de sv fi hu tr"),
    ("ü", "de tr hu"),
    ("ñ¿¡", "es"),
    ("ã", "pt vi"),
    ("õ", "pt vi"),
    ("ç", "fr pt tr ca"),
    ("à", "fr it ca pt vi"),
    ("è", "fr it ca"),
    ("ê", "fr pt vi"),
    ("ëœû", "fr"),
    ("î", "fr ro"),
    ("ï", "fr ca"),
    ("òì", "it ca vi"),
    ("ù", "it fr vi"),
    ("å", "sv da no"),
    ("øæ", "da no"),
    ("łąężźśń", "pl"),
    ("ć", "pl hr"),
    ("ěřů", "cs"),
    ("ščž", "cs sk hr"),
    ("ľĺŕť", "sk"),
    ("ď", "sk cs"),
    ("ô", "sk fr pt vi"),
    ("őű", "hu"),
    ("ğış", "tr"),
    ("țș", "ro"),
    ("ă", "ro vi"),
    ("đ", "hr vi"),
    ("ơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ", "vi"),
    ("ó", "es pl hu cs sk ca"),
    ("ý", "cs sk"),
    ("í", "es pt cs sk hu ca"),
    ("á", "es pt cs sk hu"),
    ("ú", "es pt cs sk hu ca"),
    ("é", "fr es pt cs sk hu ca"),
    ("â", "fr pt ro vi"),
];
