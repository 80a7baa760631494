//! A template by anybody who may write the configuration: bounded in length, depth, work and output. None ends the
//! process, and an alert whose template fails is told all the same.

use netdata_ilert::config::Templates;
use netdata_ilert::payload::{Renderer, samples};
use proptest::prelude::*;
use proptest::sample::select;

use crate::hostile::events::{check, config};

/// Compiles, and makes an event of each sample. Says what is wrong with it, if anything is.
fn rendered(template: &str) -> Result<Option<String>, TestCaseError> {
    let templates = Templates { summary: Some(template.to_owned()), details: Some(template.to_owned()) };
    let problem = Renderer::check(&templates).err().map(|error| error.to_string());
    let renderer = Renderer::new(&config(template, template), "v2");
    for notice in samples(1_795_410_720) {
        check(&renderer.event(&notice).event)?;
    }
    Ok(problem)
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = select(vec![
        "node",
        "value",
        "info",
        "nope",
        "1",
        "-1",
        "0",
        "1e308",
        "9223372036854775807",
        "340282366920938463463374607431768211455",
        "none",
        "true",
        "''",
        "'ж'",
        "[]",
        "{}",
        "units",
        "when",
        "loop",
        "self",
        "x",
        "caller()",
        "range(100000)",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(5, 40, 3, |inner| {
        let binary =
            select(vec!["+", "-", "*", "/", "//", "%", "**", "~", "==", "<", "in", "and", "or", "is"]);
        let filter = select(vec![
            "upper",
            "duration",
            "quantity",
            "quantity('%')",
            "utc",
            "local",
            "markdown",
            "code",
            "list",
            "sort",
            "join",
            "length",
            "reverse",
            "urlencode",
            "tojson",
            "replace('', 'xxxxxxxx')",
            "batch(2)",
            "slice(3)",
            "indent(99999)",
            "unique",
            "map('upper')",
            "split('')",
            "default(1)",
            "items",
            "string",
            "int",
            "float",
            "round(400)",
            "sum",
            "format",
            "nosuch",
        ]);
        prop_oneof![
            (inner.clone(), binary, inner.clone()).prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
            (inner.clone(), filter).prop_map(|(a, filter)| format!("{a}|{filter}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}[{b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}[{b}:{b}:-1]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a}, {b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{'a': {a}, {b}: 1}}")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("({a} if {b} else {c})")),
            inner.clone().prop_map(|a| format!("range({a})")),
            inner.clone().prop_map(|a| format!("-{a}")),
            inner.prop_map(|a| format!("{a}.x")),
        ]
    })
}

fn template() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => expression().prop_map(|a| format!("{{{{ {a} }}}}")),
        1 => "\\PC{0,8}",
        1 => select(vec!["{{", "}}", "{%", "%}", "{#", "#}", "{% raw %}", "{% endraw %}", "\u{1b}[31m", "\u{202e}"]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 30, 4, |inner| {
        prop_oneof![
            (expression(), inner.clone()).prop_map(|(a, b)| format!("{{% for x in {a} %}}{b}{{% endfor %}}")),
            (expression(), inner.clone())
                .prop_map(|(a, b)| format!("{{% if {a} %}}{b}{{% elif {a} %}}{{% endif %}}")),
            (expression(), inner.clone()).prop_map(|(a, b)| format!("{{% set x = {a} %}}{b}{{{{ x }}}}")),
            inner.clone().prop_map(|b| format!("{{% filter upper %}}{b}{{% endfilter %}}")),
            inner
                .clone()
                .prop_map(|b| format!("{{% macro m(a) %}}{b}{{{{ m(a) }}}}{{% endmacro %}}{{{{ m(1) }}}}")),
            inner.clone().prop_map(|b| format!("{{% with x = 1 %}}{b}{{% endwith %}}")),
            proptest::collection::vec(inner, 0..4).prop_map(|parts| parts.concat()),
        ]
    })
}

proptest! {
    #![proptest_config(crate::regressions::properties(80))]

    #[test]
    fn are_bounded_whatever_they_do(template in template()) {
        rendered(&template)?;
    }
}

/// Stack of the thread that the program renders on, in bytes.
const STACK: usize = 8 * 1024 * 1024;

/// What a person would think of.
#[test]
fn that_are_made_to_run_away_do_not() {
    std::thread::Builder::new().stack_size(STACK).spawn(run_away).unwrap().join().unwrap();
}

fn run_away() {
    let many = |part: &str, times: usize| part.repeat(times);
    for template in [
        "{% for i in range(10**9) %}x{% endfor %}".to_owned(),
        "{% for i in range(100000) %}{{ i }}{% endfor %}".to_owned(),
        "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}x{% endfor %}{% endfor %}{% endfor %}".to_owned(),
        "{{ 'x' * 10**9 }}".to_owned(),
        "{{ 'x' * 10**6 * 10**6 }}".to_owned(),
        "{{ [1] * 10**9 }}".to_owned(),
        "{{ ([1] * 10**6) | join('x' * 10**6) }}".to_owned(),
        "{{ '%1000000000d' | format(1) }}".to_owned(),
        "{{ 'x' | indent(10**9, true) }}".to_owned(),
        "{{ 2 ** 10 ** 9 }}".to_owned(),
        format!("{{% set x = 'x' * 1000 %}}{}{{{{ x }}}}", many("{% set x = x ~ x %}", 60)),
        format!("{{{{ 'aa'{} }}}}", many(" | replace('a', 'aaaaaaaaaa')", 60)),
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}".to_owned(),
        "{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(1) }}".to_owned(),
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}".to_owned(),
        "{% set f = namespace() %}{% set f.f = f %}{{ f }}{{ f | tojson }}{{ f == f }}".to_owned(),
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}".to_owned(),
        "{% call m() %}{% endcall %}".to_owned(),
        "{% block a %}{{ self.a() }}{% endblock %}".to_owned(),
        "{% include 'templates.summary' %}".to_owned(),
        "{% extends 'templates.summary' %}".to_owned(),
        "{% import 'templates.summary' as m %}".to_owned(),
        "{{ debug() }}".to_owned(),
        format!("{}{}", many("{% if 1 %}", 400), many("{% endif %}", 400)),
        format!("{}{}", many("{% for x in [1] %}", 400), many("{% endfor %}", 400)),
        format!("{}{}", many("{% filter upper %}", 400), many("{% endfilter %}", 400)),
        format!("{}{}", many("{% macro m() %}", 400), many("{% endmacro %}", 400)),
        format!("{}x{}", many("{% set x %}", 400), many("{% endset %}", 400)),
        format!("{}x{}", many("{% with a = 1 %}", 400), many("{% endwith %}", 400)),
        format!("{{% if 1 %}}{}{{% endif %}}", many("{% elif 1 %}", 4_000)),
        format!("{{% if 1 %}}{}{{% endif %}}", many("{% else %}{% if 1 %}", 400) + &many("{% endif %}", 400)),
        format!("{{{{ node | join({}1{}) }}}}", many("(", 240), many(")", 240)),
        format!("{{{{ range({}1{}) }}}}", many("range(", 160), many(")", 160)),
        format!("{{{{ 1{} }}}}", many(" is odd is odd", 100)),
        format!("{{% for {}x{} in [[1]] %}}{{% endfor %}}", many("(", 2_000), many(",)", 2_000)),
        format!("{{% set {}x{} = [1] %}}", many("(", 2_000), many(",)", 2_000)),
        format!("{{{{ {}1{} }}}}", many("{'a':", 2_000), many("}", 2_000)),
        format!("{{{{ 1{} }}}}", many(" ~ 1", 20_000)),
        many("{{", 30_000),
        many("{%", 30_000),
        many("{#", 30_000),
        many("{% raw %}", 7_000),
    ] {
        let problem = rendered(&template).unwrap();
        assert!(problem.as_ref().is_none_or(|said| said.chars().count() < 700), "{problem:?}");
    }
}
