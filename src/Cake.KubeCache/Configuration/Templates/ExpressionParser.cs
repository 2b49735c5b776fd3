using System.Runtime.CompilerServices;
using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>Jinja's expression grammar, from the loosest binding operator to the tightest.</summary>
internal sealed class ExpressionParser(TokenStream tokens)
{
    /// <summary>An expression, or several with commas between them, which make a tuple.</summary>
    public Expression ParseTuple()
    {
        var first = Parse();
        if (!tokens.IsOperator(","))
        {
            return first;
        }

        var items = new List<Expression> { first };
        while (tokens.TakeOperator(",") && !EndsTuple())
        {
            items.Add(Parse());
        }

        return new ListExpression(first.Offset, items, IsTuple: true);
    }

    /// <summary>One expression.</summary>
    public Expression Parse()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var value = ParseOr();
        while (tokens.TakeName("if"))
        {
            var condition = ParseOr();
            value = new ConditionalExpression(value.Offset, condition, value, tokens.TakeName("else") ? Parse() : null);
        }

        return value;
    }

    /// <summary>One expression without a conditional at its end, as a loop's items are.</summary>
    public Expression ParseOr()
    {
        var left = ParseAnd();
        while (tokens.TakeName("or"))
        {
            left = new BinaryExpression(left.Offset, "or", left, ParseAnd());
        }

        return left;
    }

    /// <summary>The filters that follow a value.</summary>
    public Expression ParseFilters(Expression value)
    {
        while (tokens.TakeOperator("|"))
        {
            value = ParseFilter(value);
        }

        return value;
    }

    /// <summary>One filter's name and arguments.</summary>
    public Expression ParseFilter(Expression value)
    {
        var offset = tokens.Current.Offset;
        var name = DottedName("a filter's name");
        return new FilterExpression(offset, value, name, tokens.IsOperator("(") ? Arguments() : ArgumentList.None);
    }

    private bool EndsTuple() => tokens.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || tokens.IsOperator(")");

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (tokens.TakeName("and"))
        {
            left = new BinaryExpression(left.Offset, "and", left, ParseNot());
        }

        return left;
    }

    private Expression ParseNot()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var offset = tokens.Current.Offset;
        return tokens.TakeName("not") ? new UnaryExpression(offset, "not", ParseNot()) : ParseComparison();
    }

    private Expression ParseComparison()
    {
        var first = ParseSum();
        List<(string, Expression)>? rest = null;
        while (true)
        {
            string? symbol = null;
            if (tokens.Current.Kind == TokenKind.Operator && tokens.Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
            {
                symbol = tokens.Next().Text;
            }
            else if (tokens.TakeName("in"))
            {
                symbol = "in";
            }
            else if (tokens.IsName("not") && tokens.Peek.Is(TokenKind.Name, "in"))
            {
                tokens.Next();
                tokens.Next();
                symbol = "not in";
            }

            if (symbol is null)
            {
                return rest is null ? first : new ComparisonExpression(first.Offset, first, rest);
            }

            (rest ??= []).Add((symbol, ParseSum()));
        }
    }

    private Expression ParseSum()
    {
        var left = ParseConcat();
        while (tokens.IsOperator("+") || tokens.IsOperator("-"))
        {
            left = new BinaryExpression(left.Offset, tokens.Next().Text, left, ParseConcat());
        }

        return left;
    }

    private Expression ParseConcat()
    {
        var first = ParseProduct();
        if (!tokens.IsOperator("~"))
        {
            return first;
        }

        var parts = new List<Expression> { first };
        while (tokens.TakeOperator("~"))
        {
            parts.Add(ParseProduct());
        }

        return new ConcatExpression(first.Offset, parts);
    }

    private Expression ParseProduct()
    {
        var left = ParsePower();
        while (tokens.Current.Kind == TokenKind.Operator && tokens.Current.Text is "*" or "/" or "//" or "%")
        {
            left = new BinaryExpression(left.Offset, tokens.Next().Text, left, ParsePower());
        }

        return left;
    }

    private Expression ParsePower()
    {
        var left = ParseUnary(withFilters: true);
        while (tokens.TakeOperator("**"))
        {
            left = new BinaryExpression(left.Offset, "**", left, ParseUnary(withFilters: true));
        }

        return left;
    }

    private Expression ParseUnary(bool withFilters)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var offset = tokens.Current.Offset;
        Expression value = tokens.IsOperator("-") || tokens.IsOperator("+")
            ? new UnaryExpression(offset, tokens.Next().Text, ParseUnary(withFilters: false))
            : ParsePostfix(ParsePrimary());
        return withFilters ? ParseFiltersAndTests(value) : value;
    }

    private Expression ParseFiltersAndTests(Expression value)
    {
        while (true)
        {
            if (tokens.TakeOperator("|"))
            {
                value = ParseFilter(value);
            }
            else if (tokens.IsName("is"))
            {
                tokens.Next();
                value = ParseTest(value);
            }
            else if (tokens.IsOperator("("))
            {
                value = new CallExpression(value.Offset, value, Arguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ParseTest(Expression value)
    {
        var offset = tokens.Current.Offset;
        var negated = tokens.TakeName("not");
        var name = DottedName("a test's name");
        var arguments = ArgumentList.None;
        if (tokens.IsOperator("("))
        {
            arguments = Arguments();
        }
        else if (tokens.Current.Kind is TokenKind.String or TokenKind.Number || tokens.IsOperator("[") || tokens.IsOperator("{") ||
            (tokens.Current.Kind == TokenKind.Name && tokens.Current.Text is not ("else" or "or" or "and" or "if" or "is" or "not" or "in")))
        {
            arguments = new ArgumentList([ParsePostfix(ParsePrimary())], []);
        }

        Expression test = new TestExpression(offset, value, name, arguments);
        return negated ? new UnaryExpression(offset, "not", test) : test;
    }

    private string DottedName(string described)
    {
        var name = tokens.Expect(TokenKind.Name, described).Text;
        while (tokens.TakeOperator("."))
        {
            name += "." + tokens.Expect(TokenKind.Name, described).Text;
        }

        return name;
    }

    private Expression ParsePrimary()
    {
        var token = tokens.Next();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => new ConstantExpression(token.Offset, true),
                    "false" or "False" => new ConstantExpression(token.Offset, false),
                    "none" or "None" => new ConstantExpression(token.Offset, null),
                    _ => new NameExpression(token.Offset, token.Text),
                };
            case TokenKind.String:
                var text = token.Text;
                while (tokens.Current.Kind == TokenKind.String)
                {
                    text += tokens.Next().Text;
                }

                return new ConstantExpression(token.Offset, text);
            case TokenKind.Number:
                return PythonNumeral.TryParse(token.Text, negative: false, out var number)
                    ? new ConstantExpression(token.Offset, number)
                    : throw tokens.Wrong(token.Offset, $"'{token.Text}' is no number");
            case TokenKind.Operator when token.Text == "(":
                return ParseParentheses(token.Offset);
            case TokenKind.Operator when token.Text == "[":
                return new ListExpression(token.Offset, Items("]"), IsTuple: false);
            case TokenKind.Operator when token.Text == "{":
                return ParseMapping(token.Offset);
            default:
                throw tokens.Wrong(token.Offset, "the template is not well-formed", token.Describe(), "a value");
        }
    }

    private Expression ParseParentheses(int offset)
    {
        if (tokens.TakeOperator(")"))
        {
            return new ListExpression(offset, [], IsTuple: true);
        }

        var value = ParseTuple();
        tokens.ExpectOperator(")");
        return value;
    }

    private List<Expression> Items(string close)
    {
        var items = new List<Expression>();
        while (!tokens.TakeOperator(close))
        {
            if (items.Count > 0)
            {
                tokens.ExpectOperator(",");
                if (tokens.TakeOperator(close))
                {
                    break;
                }
            }

            items.Add(Parse());
        }

        return items;
    }

    private MappingExpression ParseMapping(int offset)
    {
        var entries = new List<(Expression, Expression)>();
        while (!tokens.TakeOperator("}"))
        {
            if (entries.Count > 0)
            {
                tokens.ExpectOperator(",");
                if (tokens.TakeOperator("}"))
                {
                    break;
                }
            }

            var key = Parse();
            tokens.ExpectOperator(":");
            entries.Add((key, Parse()));
        }

        return new MappingExpression(offset, entries);
    }

    private Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            var offset = tokens.Current.Offset;
            if (tokens.TakeOperator("."))
            {
                var member = tokens.Next();
                value = member.Kind switch
                {
                    TokenKind.Name => new AttributeExpression(offset, value, member.Text),
                    TokenKind.Number when PythonNumeral.TryParse(member.Text, negative: false, out var position) =>
                        new SubscriptExpression(offset, value, new ConstantExpression(member.Offset, position)),
                    _ => throw tokens.Wrong(member.Offset, "the template is not well-formed", member.Describe(), "an attribute's name"),
                };
            }
            else if (tokens.TakeOperator("["))
            {
                value = ParseSubscript(offset, value);
            }
            else if (tokens.IsOperator("("))
            {
                value = new CallExpression(offset, value, Arguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ParseSubscript(int offset, Expression target)
    {
        var first = tokens.IsOperator(":") ? null : ParseTuple();
        if (first is not null && tokens.TakeOperator("]"))
        {
            return new SubscriptExpression(offset, target, first);
        }

        tokens.ExpectOperator(":");
        var stop = tokens.IsOperator(":") || tokens.IsOperator("]") ? null : Parse();
        var step = tokens.TakeOperator(":") && !tokens.IsOperator("]") ? Parse() : null;
        tokens.ExpectOperator("]");
        return new SliceExpression(offset, target, first, stop, step);
    }

    private ArgumentList Arguments()
    {
        tokens.ExpectOperator("(");
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        while (!tokens.TakeOperator(")"))
        {
            if (positional.Count + named.Count > 0)
            {
                tokens.ExpectOperator(",");
                if (tokens.TakeOperator(")"))
                {
                    break;
                }
            }

            if (tokens.IsOperator("*") || tokens.IsOperator("**"))
            {
                throw tokens.Unsupported(tokens.Current.Offset, $"'{tokens.Current.Text}' before an argument");
            }

            if (tokens.Current.Kind == TokenKind.Name && tokens.Peek.Is(TokenKind.Operator, "="))
            {
                var name = tokens.Next().Text;
                tokens.Next();
                named.Add((name, Parse()));
            }
            else
            {
                positional.Add(Parse());
            }
        }

        return positional.Count + named.Count == 0 ? ArgumentList.None : new ArgumentList(positional, named);
    }
}
