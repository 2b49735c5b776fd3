using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>What operators stand between: literals, names, parentheses, and what follows them without an operator.</summary>
internal sealed class OperandParser(TokenStream tokens, ExpressionParser expressions)
{
    private Expression Primary()
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
                return Parentheses(token.Offset);
            case TokenKind.Operator when token.Text == "[":
                return new ListExpression(token.Offset, Items("]"), IsTuple: false);
            case TokenKind.Operator when token.Text == "{":
                return MappingLiteral(token.Offset);
            default:
                throw tokens.Wrong(token.Offset, "the template is not well-formed", token.Describe(), "a value");
        }
    }

    private Expression Parentheses(int offset)
    {
        if (tokens.TakeOperator(")"))
        {
            return new ListExpression(offset, [], IsTuple: true);
        }

        var value = expressions.ParseTuple();
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

            items.Add(expressions.Parse());
        }

        return items;
    }

    private MappingExpression MappingLiteral(int offset)
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

            var key = expressions.Parse();
            tokens.ExpectOperator(":");
            entries.Add((key, expressions.Parse()));
        }

        return new MappingExpression(offset, entries);
    }

    /// <summary>A value with the attributes, subscripts and calls behind it.</summary>
    public Expression Parse() => Postfix(Primary());

    private Expression Postfix(Expression value)
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
                value = Subscript(offset, value);
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

    private Expression Subscript(int offset, Expression target)
    {
        var first = tokens.IsOperator(":") ? null : expressions.ParseTuple();
        if (first is not null && tokens.TakeOperator("]"))
        {
            return new SubscriptExpression(offset, target, first);
        }

        tokens.ExpectOperator(":");
        var stop = tokens.IsOperator(":") || tokens.IsOperator("]") ? null : expressions.Parse();
        var step = tokens.TakeOperator(":") && !tokens.IsOperator("]") ? expressions.Parse() : null;
        tokens.ExpectOperator("]");
        return new SliceExpression(offset, target, first, stop, step);
    }

    /// <summary>What stands between parentheses.</summary>
    public ArgumentList Arguments()
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
                named.Add((name, expressions.Parse()));
            }
            else
            {
                positional.Add(expressions.Parse());
            }
        }

        return positional.Count + named.Count == 0 ? ArgumentList.None : new ArgumentList(positional, named);
    }
}
