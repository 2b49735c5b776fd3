using Cake.KubeCache.Configuration.Templates;
using Shouldly;

namespace Cake.KubeCache.Tests.Configuration.Templates;

public sealed class LexerTests
{
    [Theory]
    [InlineData("plain", "Data:plain")]
    [InlineData("a{{ x }}b", "Data:a VariableBegin:{{ Name:x VariableEnd:}} Data:b")]
    [InlineData("{{ {'a': 1}}}", "VariableBegin:{{ Operator:{ String:a Operator:: Number:1 Operator:} VariableEnd:}}")]
    [InlineData("{{ a.0.b }}", "VariableBegin:{{ Name:a Operator:. Number:0 Operator:. Name:b VariableEnd:}}")]
    [InlineData("{{ 1.5 // 2 ** 3 }}", "VariableBegin:{{ Number:1.5 Operator:// Number:2 Operator:** Number:3 VariableEnd:}}")]
    [InlineData("{{ '}}' }}", "VariableBegin:{{ String:}} VariableEnd:}}")]
    public void Cuts_text_and_expressions(string template, string expected) => Tokens(template).ShouldBe(expected);

    [Theory]
    [InlineData("a {{- x -}} b", "Data:a VariableBegin:{{ Name:x VariableEnd:}} Data:b")]
    [InlineData("a\n{% x %}\nb", "Data:a\n BlockBegin:{% Name:x BlockEnd:%} Data:b")]
    [InlineData("a\n{%+ x +%}\nb", "Data:a\n BlockBegin:{% Name:x BlockEnd:%} Data:\nb")]
    [InlineData("a {#- gone -#} b", "Data:a Data:b")]
    [InlineData("{# x #}\n\ny", "Data:\ny")]
    [InlineData("x\n", "Data:x")]
    [InlineData("{% raw %}\n{{ x }}{% endraw %}", "Data:{{ x }}")]
    [InlineData("{%- raw -%} {% x %} {%- endraw -%} z", "Data:{% x %} Data:z")]
    public void Controls_white_space(string template, string expected) => Tokens(template).ShouldBe(expected);

    [Fact]
    public void Leaves_backslashes_alone_in_variables_and_reads_them_in_blocks()
    {
        Tokens(@"{{ '\n\.' }}").ShouldBe(@"VariableBegin:{{ String:\n\. VariableEnd:}}");
        Tokens(@"{% if '\n' %}").ShouldBe("BlockBegin:{% Name:if String:\n BlockEnd:%}");
    }

    private static string Tokens(string template) =>
        string.Join(' ', Lexer.Tokenize(new TemplateText(template, null)).Where(t => t.Kind != TokenKind.End).Select(t => $"{t.Kind}:{t.Text}"));
}
