namespace Cake.KubeCache.Configuration.Templates;

/// <summary>Jinja's expression grammar, from the loosest binding operator to the tightest.</summary>
internal sealed class ExpressionParser
{
    private readonly TokenStream _tokens;
    private readonly OperandParser _operands;

    public ExpressionParser(TokenStream tokens) => (_tokens, _operands) = (tokens, new OperandParser(tokens, this));

    /// <summary>An expression, or several with commas between them, which make a tuple.</summary>
    public Expression ParseTuple()
    {
        var first = Parse();
        if (!_tokens.IsOperator(","))
        {
            return first;
        }

        var items = new List<Expression> { first };
        while (_tokens.TakeOperator(",") && !EndsTuple())
        {
            items.Add(Parse());
        }

        return new ListExpression(first.Offset, items, IsTuple: true);
    }

    /// <summary>One expression.</summary>
    public Expression Parse() => _tokens.Nested(ParseConditional);

    private Expression ParseConditional()
    {
        var value = ParseOr();
        while (_tokens.TakeName("if"))
        {
            var condition = ParseOr();
            value = new ConditionalExpression(value.Offset, condition, value, _tokens.TakeName("else") ? Parse() : null);
        }

        return value;
    }

    /// <summary>One expression without a conditional at its end, as a loop's items are.</summary>
    public Expression ParseOr()
    {
        var left = ParseAnd();
        while (_tokens.TakeName("or"))
        {
            left = new BinaryExpression(left.Offset, "or", left, ParseAnd());
        }

        return left;
    }

    /// <summary>The filters that follow a value.</summary>
    public Expression ParseFilters(Expression value)
    {
        while (_tokens.TakeOperator("|"))
        {
            value = ParseFilter(value);
        }

        return value;
    }

    /// <summary>One filter's name and arguments.</summary>
    public Expression ParseFilter(Expression value)
    {
        var offset = _tokens.Current.Offset;
        var name = DottedName("a filter's name");
        return new FilterExpression(offset, value, name, _tokens.IsOperator("(") ? _operands.Arguments() : ArgumentList.None);
    }

    private bool EndsTuple() => _tokens.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || _tokens.IsOperator(")");

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (_tokens.TakeName("and"))
        {
            left = new BinaryExpression(left.Offset, "and", left, ParseNot());
        }

        return left;
    }

    private Expression ParseNot()
    {
        var offset = _tokens.Current.Offset;
        return _tokens.TakeName("not") ? new UnaryExpression(offset, "not", _tokens.Nested(ParseNot)) : ParseComparison();
    }

    private Expression ParseComparison()
    {
        var first = ParseSum();
        List<(string, Expression)>? rest = null;
        while (true)
        {
            string? symbol = null;
            if (_tokens.Current.Kind == TokenKind.Operator && _tokens.Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
            {
                symbol = _tokens.Next().Text;
            }
            else if (_tokens.TakeName("in"))
            {
                symbol = "in";
            }
            else if (_tokens.IsName("not") && _tokens.Peek.Is(TokenKind.Name, "in"))
            {
                _tokens.Next();
                _tokens.Next();
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
        while (_tokens.IsOperator("+") || _tokens.IsOperator("-"))
        {
            left = new BinaryExpression(left.Offset, _tokens.Next().Text, left, ParseConcat());
        }

        return left;
    }

    private Expression ParseConcat()
    {
        var first = ParseProduct();
        if (!_tokens.IsOperator("~"))
        {
            return first;
        }

        var parts = new List<Expression> { first };
        while (_tokens.TakeOperator("~"))
        {
            parts.Add(ParseProduct());
        }

        return new ConcatExpression(first.Offset, parts);
    }

    private Expression ParseProduct()
    {
        var left = ParsePower();
        while (_tokens.Current.Kind == TokenKind.Operator && _tokens.Current.Text is "*" or "/" or "//" or "%")
        {
            left = new BinaryExpression(left.Offset, _tokens.Next().Text, left, ParsePower());
        }

        return left;
    }

    private Expression ParsePower()
    {
        var left = ParseUnary(withFilters: true);
        while (_tokens.TakeOperator("**"))
        {
            left = new BinaryExpression(left.Offset, "**", left, ParseUnary(withFilters: true));
        }

        return left;
    }

    private Expression ParseUnary(bool withFilters)
    {
        var offset = _tokens.Current.Offset;
        Expression value = _tokens.IsOperator("-") || _tokens.IsOperator("+")
            ? new UnaryExpression(offset, _tokens.Next().Text, _tokens.Nested(() => ParseUnary(withFilters: false)))
            : _operands.Parse();
        return withFilters ? ParseFiltersAndTests(value) : value;
    }

    private Expression ParseFiltersAndTests(Expression value)
    {
        while (true)
        {
            if (_tokens.TakeOperator("|"))
            {
                value = ParseFilter(value);
            }
            else if (_tokens.IsName("is"))
            {
                _tokens.Next();
                value = ParseTest(value);
            }
            else if (_tokens.IsOperator("("))
            {
                value = new CallExpression(value.Offset, value, _operands.Arguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ParseTest(Expression value)
    {
        var offset = _tokens.Current.Offset;
        var negated = _tokens.TakeName("not");
        var name = DottedName("a test's name");
        var arguments = ArgumentList.None;
        if (_tokens.IsOperator("("))
        {
            arguments = _operands.Arguments();
        }
        else if (_tokens.Current.Kind is TokenKind.String or TokenKind.Number || _tokens.IsOperator("[") || _tokens.IsOperator("{") ||
            (_tokens.Current.Kind == TokenKind.Name && _tokens.Current.Text is not ("else" or "or" or "and" or "if" or "is" or "not" or "in")))
        {
            arguments = new ArgumentList([_operands.Parse()], []);
        }

        Expression test = new TestExpression(offset, value, name, arguments);
        return negated ? new UnaryExpression(offset, "not", test) : test;
    }

    private string DottedName(string described)
    {
        var name = _tokens.Expect(TokenKind.Name, described).Text;
        while (_tokens.TakeOperator("."))
        {
            name += "." + _tokens.Expect(TokenKind.Name, described).Text;
        }

        return name;
    }
}
