//! How large a template may be, before the parser sees it: minijinja follows what is chained or nested (`- - - x`,
//! `x.y.z`, `x|f|g`, `elif`) as deep as it goes, and a stack that overflows ends the process.
//!
//! A list put into a list by `set` doubles each time, and showing or comparing it costs no fuel. So a list may not hold
//! what another tag made.
//!
//! Tags are found as minijinja finds them, so that none can hide in a text, a comment or a `raw` block.

/// Longest template, bytes.
const LONGEST: usize = 64 * 1024;
/// Most words and signs within one tag: nothing in it can be deeper.
const MOST_TOKENS: usize = 500;
/// Most `elif` in a template, each of which is nested in the one before.
const MOST_ELIFS: usize = 100;

/// What is too much, in words, and the line where it is.
pub(super) fn check(source: &str) -> Result<(), (usize, String)> {
    if source.len() > LONGEST {
        let said = format!("it has {} bytes, and at most {LONGEST} are taken; make it shorter", source.len());
        return Err((1, said));
    }
    let mut elifs = 0;
    let mut made: Vec<&str> = Vec::new();
    let mut rest = source;
    while let Some((sign, tag)) = next_tag(rest) {
        let line = 1 + source.len().checked_sub(tag.len()).map_or(0, |at| lines(source, at));
        let unread = match sign {
            '#' => Some(tag.split_once("#}").map_or("", |(_, after)| after)),
            '%' => raw(tag),
            _ => None,
        };
        if let Some(after) = unread {
            rest = after;
            continue;
        }
        let (tokens, after) = read(tag, if sign == '%' { "%}" } else { "}}" });
        if tokens.len() > MOST_TOKENS {
            let said =
                format!("a tag has more than {MOST_TOKENS} words and signs; split it with `{{% set %}}`");
            return Err((line, said));
        }
        let first = tokens.first().copied().filter(|_| sign == '%');
        if matches!(first, Some("set" | "with" | "for")) {
            if makes_a_list(&tokens)
                && let Some(name) = tokens.iter().find(|token| made.contains(token))
            {
                let said = format!(
                    "a list holds `{name}`, which a tag has made; put into lists what is given alone"
                );
                return Err((line, said));
            }
            made.extend(names(&tokens));
        }
        elifs += usize::from(first == Some("elif"));
        if elifs > MOST_ELIFS {
            return Err((line, format!("it has more than {MOST_ELIFS} `elif`; use a map, or fewer cases")));
        }
        rest = after;
    }
    Ok(())
}

fn lines(source: &str, before: usize) -> usize {
    source.get(..before).unwrap_or_default().matches('\n').count()
}

/// The next `{{`, `{%` or `{#`: its sign, and the text after it.
fn next_tag(mut text: &str) -> Option<(char, &str)> {
    loop {
        text = text.get(text.find('{')? + 1..)?;
        let sign = text.chars().next()?;
        if matches!(sign, '{' | '%' | '#') {
            return Some((sign, without_trim(text.get(1..)?)));
        }
    }
}

/// Without the sign that keeps or takes white space.
fn without_trim(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

/// What comes after a `raw` block, if this is its tag.
fn raw(tag: &str) -> Option<&str> {
    let mut rest = end_of(tag, "raw")?;
    while let Some((_, tag)) = rest.split_once("{%") {
        if let Some(after) = end_of(without_trim(tag), "endraw") {
            return Some(after);
        }
        rest = tag;
    }
    Some("")
}

/// What comes after a tag that is this word alone.
fn end_of<'t>(tag: &'t str, word: &str) -> Option<&'t str> {
    let blank = |c: char| c.is_ascii_whitespace();
    let rest = tag.trim_start_matches(blank).strip_prefix(word)?.trim_start_matches(blank);
    without_trim(rest).strip_prefix("%}")
}

/// The names that a tag gives a value: before `in`, or before each `=`.
fn names<'a, 't>(tokens: &'a [&'t str]) -> impl Iterator<Item = &'t str> + 'a {
    let first = tokens.iter().skip(1).take_while(|token| !matches!(**token, "in" | "="));
    let more =
        tokens.iter().zip(tokens.iter().skip(1)).filter(|(_, next)| **next == "=").map(|(name, _)| name);
    first.chain(more).copied().filter(|name| name.starts_with(is_of_word))
}

/// Whether a tag has a list, a map or a tuple in it: a bracket that no word stands before, a round one with a comma.
fn makes_a_list(tokens: &[&str]) -> bool {
    let stands_alone = |before: &str| !before.ends_with(is_of_word) && !matches!(before, ")" | "]");
    let has_comma = tokens.contains(&",");
    let opens = |token: &str| matches!(token, "[" | "{") || (token == "(" && has_comma);
    let before = std::iter::once("").chain(tokens.iter().copied());
    before.zip(tokens).any(|(before, token)| opens(token) && stands_alone(before))
}

/// The words and signs of a tag, and what comes after it.
fn read<'t>(tag: &'t str, end: &str) -> (Vec<&'t str>, &'t str) {
    let (mut tokens, mut open) = (Vec::new(), 0_i32);
    let mut rest = tag;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
        if open == 0
            && let Some(after) = rest.strip_prefix(end).or_else(|| without_trim(rest).strip_prefix(end))
        {
            return (tokens, after);
        }
        let Some(sign) = rest.chars().next() else { return (tokens, "") };
        let length = match sign {
            '\'' | '"' => length_of_string(rest, sign),
            _ if is_of_word(sign) => rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()),
            _ => sign.len_utf8(),
        };
        open += match sign {
            '(' | '[' | '{' => 1,
            ')' | ']' | '}' => -1,
            _ => 0,
        };
        let Some((token, after)) = rest.split_at_checked(length) else { return (tokens, "") };
        tokens.push(token);
        rest = after;
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A text in quotes, with them; all that is left if it does not end.
fn length_of_string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::check;
    use crate::config::Templates;
    use crate::payload::Renderer;
    use crate::regressions::properties;

    fn compile(summary: String) -> Result<(), String> {
        Renderer::check(&Templates { summary: Some(summary), details: None })
            .map_err(|error| error.to_string())
    }

    /// What grows deep, as far as it is asked.
    fn deep(times: usize) -> Vec<String> {
        let many = |part: &str| part.repeat(times);
        vec![
            format!("{{{{ {}1 }}}}", many("-")),
            format!("{{{{ {}1 }}}}", many("not ")),
            format!("{{{{ node{} }}}}", many(".x")),
            format!("{{{{ node{} }}}}", many("|upper")),
            format!("{{{{ node{} }}}}", many("[0]")),
            format!("{{{{ node{} }}}}", many("()")),
            format!("{{{{ 1{} }}}}", many("+1")),
            format!("{{{{ 1{} }}}}", many(" if 1 else 1")),
            format!("{{{{ {}1{} }}}}", many("("), many(")")),
            format!("{{{{ {}1{} }}}}", many("["), many("]")),
            format!("{{% if 1 %}}{}{{% endif %}}", many("{% elif 1 %}")),
            format!("{}{}", many("{% if 1 %}"), many("{% endif %}")),
            format!("{{% filter upper{} %}}x{{% endfilter %}}", many("|upper")),
            // Nothing hides what follows.
            format!("{{% raw %}}{{{{ ' {{% endraw %}}{{{{ {}1 }}}}{{{{ ' }}}}", many("-")),
            format!("{{# ' #}}{{{{ {}1 }}}}{{# ' #}}", many("-")),
            format!("{{{{ '}}}}' ~ {{'a': {{}}}} ~ {}1 }}}}", many("-")),
        ]
    }

    #[test]
    fn nothing_that_is_deep_overflows_the_stack() {
        for times in [90, 480, 3_000] {
            for template in deep(times) {
                let _ = compile(template);
            }
        }
    }

    #[test]
    fn says_what_is_too_much() {
        for template in deep(3_000).into_iter().filter(|template| template.len() < 60_000) {
            let said = compile(template.clone()).unwrap_err();
            let words = ["words and signs", "`elif`", "recursion"];
            assert!(words.iter().any(|word| said.contains(word)), "{said}: {template:.60}");
        }
        let long = compile("x".repeat(64 * 1024 + 1)).unwrap_err();
        assert!(long.contains("65537 bytes, and at most 65536"), "{long}");
        assert_eq!(compile("x".repeat(64 * 1024)), Ok(()));
        assert_eq!(check("a\n{{ b }}{% raw %}{{{% endraw %}\n{# {{ #}{{ '}}' }}"), Ok(()));
    }

    #[test]
    fn lists_do_not_pile_up() {
        let double = |tag: &str| format!("{{% set x = 1 %}}{}{{{{ x == x }}}}", tag.repeat(60));
        for pile in ["{% set x = [x, x] %}", "{% set x = (x, x) %}", "{% set x = {'a': x, 'b': x} %}"] {
            let said = compile(double(pile)).unwrap_err();
            assert!(said.contains("a list holds `x`, which a tag has made"), "{said}");
        }
        let nested = |tag: &str| (0..60).map(|at| tag.replace('n', &at.to_string())).collect::<String>();
        assert!(compile(nested("{% for yn in [[y, y]] %}").replace("y, y", "y0, y0")).is_err());
        assert!(compile(nested("{% with y = [y, y] %}") + &"{% endwith %}".repeat(60)).is_err());
        // What is given may go into lists, and what is made may be used in all other ways.
        let plain = "{% set a = [class, role] | select | join('/') %}{% set b = a | upper %}{{ a[:1] }}{% set d = [class] | join %}{% set c = (1 + 2) * 3 %}{{ (c + 1) * 2 }}x";
        assert_eq!(compile(plain.to_owned()), Ok(()));
    }

    #[test]
    fn what_is_shown_has_an_end() {
        let said = compile("{% for a in range(9000) %}{{ [1] * 9000 }}{% endfor %}".to_owned());
        assert!(said.is_err(), "{said:?}");
    }

    proptest! {
        #![proptest_config(properties(64))]

        #[test]
        fn no_template_panics(template in "([{}%#'\"|.()\\[\\] \\n-]|raw|endraw|if|endif|elif|node|not|1){0,60}") {
            let _ = compile(template);
        }
    }
}
