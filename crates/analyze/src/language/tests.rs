use super::*;

/// Fifteen informal sentences a language, written for this test.
const SAMPLES: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "the app keeps crashing when I open my reports",
            "Love it!! best tool we bought this year",
            "pls fix the login, cant get in since monday",
            "Too expensive for what it does tbh",
            "Works as expected.",
            "Great",
            "why is the search so slow now???",
            "I was charged twice, want my money back",
            "Support was super friendly and quick",
            "would be nice to have a dark mode",
            "meh, it's ok I guess",
            "Nothing to complain about",
            "Cancel my account please",
            "The new dashboard is confusing and the old one was way better",
            "u guys rock 😍",
        ],
    ),
    (
        "de",
        &[
            "die app stürzt ständig ab wenn ich einen bericht öffne",
            "Einfach klasse, macht echt Spaß!",
            "Kann mich seit Montag nicht mehr anmelden",
            "viel zu teuer geworden",
            "Funktioniert super.",
            "Danke!",
            "warum ist die suche so langsam???",
            "Mir wurde doppelt abgebucht, will mein Geld zurück",
            "Der Support war sehr nett und schnell",
            "ein dunkler modus wäre schön",
            "naja, geht so",
            "Nichts zu meckern",
            "Bitte kündigen Sie mein Konto",
            "Das neue Dashboard ist unübersichtlich, das alte war besser",
            "läuft bei mir ohne Probleme 👍",
        ],
    ),
    (
        "fr",
        &[
            "l'appli plante tout le temps depuis la mise à jour",
            "J'adore !! le meilleur outil de l'année",
            "impossible de me connecter depuis lundi",
            "Beaucoup trop cher pour ce que c'est",
            "Ça marche très bien.",
            "Merci !",
            "pourquoi la recherche est si lente ???",
            "On m'a facturé deux fois, je veux être remboursé",
            "Le support était sympa et rapide",
            "ce serait bien d'avoir un mode sombre",
            "bof, sans plus",
            "Rien à redire",
            "Résiliez mon compte svp",
            "Le nouveau tableau de bord n'est pas clair du tout",
            "c'est nul 😡",
        ],
    ),
    (
        "es",
        &[
            "la app se cierra cada vez que abro un informe",
            "¡Me encanta! la mejor herramienta",
            "no puedo entrar desde el lunes",
            "Demasiado caro para lo que hace",
            "Funciona muy bien.",
            "¡Gracias!",
            "por qué es tan lenta la búsqueda???",
            "Me cobraron dos veces, quiero mi dinero",
            "El soporte fue amable y rápido",
            "estaría bien tener un modo oscuro",
            "bueno, ni fu ni fa",
            "Nada que decir, todo perfecto",
            "Quiero cancelar mi cuenta",
            "El nuevo panel es confuso y el anterior era mejor",
            "muy mala experiencia 😡",
        ],
    ),
    (
        "pt",
        &[
            "o aplicativo trava sempre que abro um relatório",
            "Adorei! melhor ferramenta que já usei",
            "não consigo entrar desde segunda",
            "Muito caro para o que faz",
            "Funciona muito bem.",
            "Obrigado!",
            "por que a busca é tão lenta???",
            "Fui cobrado duas vezes, quero meu dinheiro de volta",
            "O suporte foi ótimo e rápido",
            "seria bom ter um modo escuro",
            "mais ou menos, podia ser melhor",
            "Nada a reclamar, tudo certo",
            "Quero cancelar a minha conta",
            "O novo painel é confuso e o antigo era melhor",
            "péssimo atendimento 😡",
        ],
    ),
    (
        "it",
        &[
            "l'app si blocca ogni volta che apro un report",
            "La adoro! il miglior strumento di sempre",
            "non riesco ad accedere da lunedì",
            "Troppo caro per quello che fa",
            "Funziona molto bene.",
            "Grazie!",
            "perché la ricerca è così lenta???",
            "Mi hanno addebitato due volte, voglio il rimborso",
            "L'assistenza è stata gentile e veloce",
            "sarebbe bello avere il tema scuro",
            "insomma, così così",
            "Niente da dire, tutto perfetto",
            "Vorrei cancellare il mio account",
            "La nuova dashboard è confusa, quella vecchia era meglio",
            "pessimo servizio 😡",
        ],
    ),
    (
        "nl",
        &[
            "de app crasht steeds als ik een rapport open",
            "Geweldig! beste tool van dit jaar",
            "kan sinds maandag niet meer inloggen",
            "Veel te duur voor wat het doet",
            "Werkt prima.",
            "Bedankt!",
            "waarom is het zoeken zo traag???",
            "Er is twee keer afgeschreven, ik wil mijn geld terug",
            "De klantenservice was erg vriendelijk en snel",
            "een donkere modus zou fijn zijn",
            "mwah, gaat wel",
            "Niets op aan te merken",
            "Ik wil mijn account opzeggen",
            "Het nieuwe dashboard is onoverzichtelijk, het oude was beter",
            "wat een slechte service 😡",
        ],
    ),
    (
        "sv",
        &[
            "appen kraschar hela tiden när jag öppnar en rapport",
            "Älskar den! bästa verktyget i år",
            "kan inte logga in sedan i måndags",
            "Alldeles för dyrt för vad det är",
            "Fungerar jättebra.",
            "Tack!",
            "varför är sökningen så långsam???",
            "Jag blev debiterad två gånger, vill ha pengarna tillbaka",
            "Supporten var trevlig och snabb",
            "det vore bra med ett mörkt läge",
            "sådär, helt okej",
            "Inget att klaga på",
            "Jag vill avsluta mitt konto",
            "Den nya vyn är rörig och den gamla var bättre",
            "riktigt dålig service 😡",
        ],
    ),
    (
        "pl",
        &[
            "aplikacja ciągle się zawiesza gdy otwieram raport",
            "Uwielbiam! najlepsze narzędzie w tym roku",
            "nie mogę się zalogować od poniedziałku",
            "Zdecydowanie za drogo",
            "Działa bardzo dobrze.",
            "Dziękuję!",
            "dlaczego wyszukiwanie jest takie wolne???",
            "Pobrano opłatę dwa razy, chcę zwrotu pieniędzy",
            "Obsługa była miła i szybka",
            "przydałby się tryb ciemny",
            "może być, bez szału",
            "Nie mam nic do zarzucenia",
            "Proszę usunąć moje konto",
            "Nowy panel jest nieczytelny, stary był lepszy",
            "fatalna obsługa 😡",
        ],
    ),
    (
        "tr",
        &[
            "uygulama rapor açınca sürekli çöküyor",
            "Bayıldım! bu yılın en iyi aracı",
            "pazartesiden beri giriş yapamıyorum",
            "Yaptığı iş için çok pahalı",
            "Çok iyi çalışıyor.",
            "Teşekkürler!",
            "arama neden bu kadar yavaş???",
            "İki kez ücret alındı, paramı geri istiyorum",
            "Destek ekibi çok hızlı ve nazikti",
            "karanlık mod olsa güzel olur",
            "eh işte, fena değil",
            "Söyleyecek bir şey yok, her şey harika",
            "Hesabımı silmek istiyorum",
            "Yeni panel çok karışık, eskisi daha iyiydi",
            "berbat bir hizmet 😡",
        ],
    ),
    (
        "ru",
        &[
            "приложение постоянно вылетает когда открываю отчёт",
            "Обожаю! лучший инструмент",
            "не могу войти с понедельника",
            "Слишком дорого",
            "Работает отлично.",
            "Спасибо!",
            "почему поиск такой медленный???",
            "С меня списали деньги два раза, верните",
            "Поддержка была очень вежливой",
            "хотелось бы тёмную тему",
            "так себе, но пойдёт",
            "Всё хорошо, претензий нет",
            "Удалите мой аккаунт",
            "Новая панель неудобная, старая была лучше",
            "ужасный сервис 😡",
        ],
    ),
    (
        "ja",
        &[
            "レポートを開くとアプリが落ちます",
            "最高です!大好き",
            "月曜日からログインできません",
            "高すぎる",
            "とても良い。",
            "ありがとう!",
            "検索が遅いのはなぜですか",
            "二重に請求されました",
            "サポートが親切でした",
            "ダークモードが欲しい",
            "まあまあです",
            "特に不満はありません",
            "解約したいです",
            "新しい画面は分かりにくい",
            "ひどいサービス😡",
        ],
    ),
    (
        "zh",
        &[
            "打开报告时应用总是崩溃",
            "太喜欢了!今年最好的工具",
            "从星期一开始无法登录",
            "太贵了",
            "很好用。",
            "谢谢!",
            "为什么搜索这么慢",
            "被扣了两次费,请退款",
            "客服很友好",
            "希望有深色模式",
            "一般般",
            "没什么可抱怨的",
            "请注销我的账号",
            "新版界面很乱,旧版更好",
            "服务太差😡",
        ],
    ),
    (
        "da",
        &[
            "appen går ned hver gang jeg åbner en rapport",
            "Elsker den! bedste værktøj i år",
            "jeg kan ikke logge ind siden mandag",
            "Alt for dyrt",
            "Virker rigtig godt.",
            "hvorfor er søgningen så langsom???",
            "Jeg er blevet trukket to gange, vil have mine penge tilbage",
            "Kundeservice var venlig og hurtig",
            "et mørkt tema ville være godt",
            "nå ja, det går",
            "Intet at klage over",
            "Jeg vil gerne opsige min konto",
            "Det nye dashboard er rodet, det gamle var bedre",
            "virkelig dårlig service 😡",
            "hvad sker der med jeres app",
        ],
    ),
];

#[test]
fn informal_sentences_are_told_apart() {
    let mut wrong = Vec::new();
    let mut total = 0;
    for (code, sentences) in SAMPLES {
        for sentence in *sentences {
            total += 1;
            let found = detect(sentence, None).as_str();
            if found != *code {
                wrong.push(format!("{code}: {found} for {sentence}"));
            }
        }
    }
    let right = total - wrong.len();
    println!("{right} of {total}: {wrong:#?}");
    assert!(right * 100 >= total * 95, "{right} of {total}: {wrong:#?}");
    // An answer that is wrong does more harm than none.
    let misled = wrong.iter().filter(|line| !line.contains(": unknown for")).count();
    assert!(misled * 100 <= total * 3, "{misled} of {total}: {wrong:#?}");
}

#[test]
fn with_the_hint_hardly_any_is_left_open() {
    let all =
        SAMPLES.iter().flat_map(|(code, sentences)| sentences.iter().map(move |sentence| (*code, *sentence)));
    let wrong: Vec<_> =
        all.clone().filter(|(code, text)| detect(text, Some(code)).as_str() != *code).collect();
    assert!(wrong.len() * 100 <= all.count(), "{wrong:#?}");
}

#[test]
fn the_hint_decides_what_is_open_and_nothing_else() {
    for (text, hint, expected) in [
        ("ok", None, "unknown"),
        ("ok", Some("de-AT"), "de"),
        ("Super", None, "unknown"),
        ("Super", Some("fr"), "fr"),
        ("10/10", Some("sv"), "sv"),
        ("👍👍", None, "unknown"),
        ("", Some("en"), "en"),
        ("", Some("klingon"), "unknown"),
        ("The app is broken and nobody answers", Some("de"), "en"),
        ("Das geht so nicht weiter mit euch", Some("en"), "de"),
        ("Danke!", Some("en"), "de"),
        ("[email] [phone]", None, "unknown"),
        ("[email] bitte zurückrufen", None, "de"),
        ("@the_and_is #great", None, "unknown"),
        ("xqzt wvbn", None, "unknown"),
    ] {
        assert_eq!(detect(text, hint).as_str(), expected, "{text:?} with {hint:?}");
    }
}

#[test]
fn scripts_tell_their_languages() {
    for (text, expected) in [
        ("Дякую, додаток працює чудово, але їх ціна", "uk"),
        ("Приложението не работи след това и няма помощ", "bg"),
        ("앱이 계속 멈춰요", "ko"),
        ("แอปค้างตลอด", "th"),
        ("Η εφαρμογή δεν λειτουργεί", "el"),
        ("האפליקציה קורסת", "he"),
        ("التطبيق لا يعمل منذ التحديث", "ar"),
        ("برنامه خیلی کند است و پاسخ نمی‌دهد", "fa"),
        ("ऐप बार बार बंद हो जाता है", "hi"),
        ("The word 好 is Chinese but this is not", "en"),
        ("Az alkalmazás nem működik a frissítés óta", "hu"),
        ("Aplikace nefunguje a podpora neodpovídá, bohužel", "cs"),
        ("Aplikácia nefunguje, keď sa chcem prihlásiť", "sk"),
        ("Sovellus ei toimi päivityksen jälkeen", "fi"),
        ("Aplicația nu merge după actualizare", "ro"),
        ("Aplikasinya sangat lambat dan tidak bisa login", "id"),
        ("Ứng dụng rất chậm và không đăng nhập được", "vi"),
        ("Appen er veldig treg og jeg får ikke hjelp", "no"),
    ] {
        assert_eq!(detect(text, None).as_str(), expected, "{text}");
    }
}

#[test]
fn hints_are_read_leniently() {
    for (hint, code) in
        [("en", "en"), ("EN_us", "en"), (" pt-BR ", "pt"), ("nb", "no"), ("nn-NO", "no"), ("iw", "he")]
    {
        assert_eq!(Language::from_hint(hint).map(Language::as_str), Some(code), "{hint}");
    }
    for hint in ["", "xx", "english", "-", "unknown"] {
        assert_eq!(Language::from_hint(hint), None, "{hint}");
    }
}

#[test]
fn every_answer_is_a_code() {
    let known: Vec<_> = Language::known().map(Language::as_str).collect();
    let codes = words::WORDS.iter().map(|(code, _)| *code);
    assert!(codes.clone().all(|code| known.contains(&code)));
    assert!(codes.count() <= 32, "a word's languages are the bits of a u32");
    assert!(words::LETTERS.iter().flat_map(|(_, codes)| codes.split(' ')).all(|code| known.contains(&code)));
    assert!(known.iter().all(|code| code.len() == 2));
}

#[test]
fn a_long_text_is_read_in_part() {
    let text = "é".repeat(500_000);
    assert_eq!(detect(&text, Some("fr")).as_str(), "fr");
}

#[test]
fn what_no_model_reads_is_known_by_its_language() {
    let read: Vec<&str> = CODES.iter().copied().filter(|code| may_be_read(code)).collect();
    assert_eq!(read, ["en"]);
    assert!(may_be_read(Language::UNKNOWN.as_str()) && !may_be_read("xx"));
}
