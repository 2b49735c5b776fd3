using Cake.KubeCache.Configuration.Templates;
using Shouldly;

namespace Cake.KubeCache.Tests.Configuration.Templates;

public sealed class ParserTests
{
    [Theory]
    [InlineData("a or b and not c == d", "(a or (b and (not (c == d))))")]
    [InlineData("1 + 2 * 3 ~ 4", "(1 + ((2 * 3) ~ 4))")]
    [InlineData("-a | f ** b", "(f((-a)) ** b)")]
    [InlineData("a if b else c if d else e", "(b ? a : (d ? c : e))")]
    [InlineData("a if b", "(b ? a : nothing)")]
    [InlineData("a | f(1, k=2) is t 'x'", "t(f(a, 1, k=2), 'x')")]
    [InlineData("a is not defined or b", "((not defined(a)) or b)")]
    [InlineData("a.b['c'][0].d(1)[1:-1]", "a.b['c'][0].d(1)[1:(-1):]")]
    [InlineData("a not in [1, 2,]", "(a not in [1, 2])")]
    [InlineData("1, 2", "(1, 2)")]
    [InlineData("'a' 'b'", "'ab'")]
    public void Binds_operators_as_Jinja_does(string expression, string expected)
    {
        var template = new TemplateText("{{ " + expression + " }}", null).Parsed;
        Show(template.Body.ShouldHaveSingleItem().ShouldBeOfType<OutputStatement>().Value).ShouldBe(expected);
    }

    private static string Show(Expression e) => e switch
    {
        ConstantExpression { Value: string text } => $"'{text}'",
        ConstantExpression constant => Cake.KubeCache.Configuration.Values.PythonText.Str(constant.Value),
        NameExpression name => name.Name,
        BinaryExpression binary => $"({Show(binary.Left)} {binary.Symbol} {Show(binary.Right)})",
        UnaryExpression { Symbol: "not" } not => $"(not {Show(not.Operand)})",
        UnaryExpression unary => $"({unary.Symbol}{Show(unary.Operand)})",
        ConcatExpression concat => $"({string.Join(" ~ ", concat.Parts.Select(Show))})",
        ComparisonExpression comparison => $"({Show(comparison.First)}{string.Concat(comparison.Rest.Select(r => $" {r.Symbol} {Show(r.Operand)}"))})",
        ConditionalExpression choice => $"({Show(choice.Condition)} ? {Show(choice.Then)} : {(choice.Otherwise is null ? "nothing" : Show(choice.Otherwise))})",
        FilterExpression filter => $"{filter.Name}({Show(filter.Input)}{Show(filter.Arguments)})",
        TestExpression test => $"{test.Name}({Show(test.Input)}{Show(test.Arguments)})",
        CallExpression call => $"{Show(call.Target)}({Show(call.Arguments).TrimStart(',', ' ')})",
        AttributeExpression attribute => $"{Show(attribute.Target)}.{attribute.Name}",
        SubscriptExpression subscript => $"{Show(subscript.Target)}[{Show(subscript.Key)}]",
        SliceExpression slice => $"{Show(slice.Target)}[{Optional(slice.Start)}:{Optional(slice.Stop)}:{Optional(slice.Step)}]",
        ListExpression list => $"{(list.IsTuple ? "(" : "[")}{string.Join(", ", list.Items.Select(Show))}{(list.IsTuple ? ")" : "]")}",
        _ => e.ToString(),
    };

    private static string Optional(Expression? e) => e is null ? "" : Show(e);

    private static string Show(ArgumentList arguments) =>
        string.Concat(arguments.Positional.Select(a => ", " + Show(a)).Concat(arguments.Named.Select(n => $", {n.Name}={Show(n.Value)}")));
}
