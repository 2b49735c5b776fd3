using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>A template's statements.</summary>
internal sealed class TemplateParser
{
    private readonly TokenStream _tokens;
    private readonly ExpressionParser _expressions;

    private TemplateParser(TemplateText template)
    {
        _tokens = new TokenStream(template, Lexer.Tokenize(template));
        _expressions = new ExpressionParser(_tokens);
    }

    /// <summary>Parses a template.</summary>
    /// <exception cref="EvaluationException">It is not well-formed, or uses a statement that is not known.</exception>
    public static Template Parse(TemplateText template)
    {
        var parser = new TemplateParser(template);
        var body = parser.Body();
        if (parser._tokens.Current.Kind == TokenKind.BlockBegin)
        {
            parser._tokens.Next();
            throw parser._tokens.Unexpected("a statement that opens a block");
        }

        return new Template(template, body);
    }

    /// <summary>Statements up to the end, or up to a block that closes or continues the one around.</summary>
    private List<Statement> Body() => _tokens.Nested(Statements);

    private List<Statement> Statements()
    {
        var body = new List<Statement>();
        while (true)
        {
            var token = _tokens.Current;
            switch (token.Kind)
            {
                case TokenKind.Data:
                    _tokens.Next();
                    body.Add(new DataStatement(token.Offset, token.Text));
                    break;
                case TokenKind.VariableBegin:
                    _tokens.Next();
                    body.Add(new OutputStatement(_tokens.Current.Offset, _expressions.ParseTuple()));
                    _tokens.Expect(TokenKind.VariableEnd, "'}}' or an operator");
                    break;
                case TokenKind.BlockBegin when !Closes(_tokens.Peek.Text):
                    _tokens.Next();
                    body.Add(Block());
                    break;
                default:
                    return body;
            }
        }
    }

    private static bool Closes(string word) => word is "else" or "elif" || word.StartsWith("end", StringComparison.Ordinal);

    private Statement Block()
    {
        var word = _tokens.Expect(TokenKind.Name, "a statement");
        return word.Text switch
        {
            "if" => If(word.Offset),
            "for" => For(word.Offset),
            "set" => Set(word.Offset),
            "filter" => Filter(word.Offset),
            "with" => With(word.Offset),
            _ => throw _tokens.Unsupported(word.Offset, $"the statement '{word.Text}'"),
        };
    }

    private IfStatement If(int offset)
    {
        var branches = new List<(Expression, IReadOnlyList<Statement>)>();
        do
        {
            var condition = _expressions.ParseTuple();
            EndOfBlock();
            branches.Add((condition, Body()));
        }
        while (Continues("elif", offset, "if"));

        return new IfStatement(offset, branches, Otherwise(offset, "if"));
    }

    private ForStatement For(int offset)
    {
        var targets = Targets();
        _tokens.ExpectName("in");
        var items = _expressions.ParseOr();
        var condition = _tokens.TakeName("if") ? _expressions.Parse() : null;
        if (_tokens.IsName("recursive"))
        {
            throw _tokens.Unsupported(_tokens.Current.Offset, "a recursive loop");
        }

        EndOfBlock();
        var body = Body();
        return new ForStatement(offset, new ForHeader(targets, items, condition), body, Otherwise(offset, "for"));
    }

    private Statement Set(int offset)
    {
        var targets = Targets();
        var attribute = _tokens.TakeOperator(".") ? _tokens.Expect(TokenKind.Name, "an attribute's name").Text : null;
        if (_tokens.TakeOperator("="))
        {
            var value = _expressions.ParseTuple();
            EndOfBlock();
            return new SetStatement(offset, targets, attribute, value);
        }

        var filtered = _expressions.ParseFilters(new NameExpression(offset, Renderer.BodyName));
        EndOfBlock();
        var body = Body();
        Close("endset", offset, "set");
        return new SetBlockStatement(offset, targets[0], filtered, body);
    }

    private FilterStatement Filter(int offset)
    {
        var filtered = _expressions.ParseFilters(_expressions.ParseFilter(new NameExpression(offset, Renderer.BodyName)));
        EndOfBlock();
        var body = Body();
        Close("endfilter", offset, "filter");
        return new FilterStatement(offset, filtered, body);
    }

    private WithStatement With(int offset)
    {
        var bindings = new List<(string, Expression)>();
        while (_tokens.Current.Kind == TokenKind.Name)
        {
            var target = _tokens.Next().Text;
            _tokens.ExpectOperator("=");
            bindings.Add((target, _expressions.Parse()));
            if (!_tokens.TakeOperator(","))
            {
                break;
            }
        }

        EndOfBlock();
        var body = Body();
        Close("endwith", offset, "with");
        return new WithStatement(offset, bindings, body);
    }

    private List<string> Targets()
    {
        var parentheses = _tokens.TakeOperator("(");
        var targets = new List<string> { _tokens.Expect(TokenKind.Name, "a name").Text };
        while (_tokens.TakeOperator(","))
        {
            targets.Add(_tokens.Expect(TokenKind.Name, "a name").Text);
        }

        if (parentheses)
        {
            _tokens.ExpectOperator(")");
        }

        return targets;
    }

    private IReadOnlyList<Statement> Otherwise(int offset, string statement)
    {
        IReadOnlyList<Statement> otherwise = [];
        if (Continues("else", offset, statement))
        {
            EndOfBlock();
            otherwise = Body();
        }

        Close("end" + statement, offset, statement);
        return otherwise;
    }

    private bool Continues(string word, int offset, string statement)
    {
        if (_tokens.Current.Kind != TokenKind.BlockBegin)
        {
            throw NotClosed(offset, statement);
        }

        if (!_tokens.Peek.Is(TokenKind.Name, word))
        {
            return false;
        }

        _tokens.Next();
        _tokens.Next();
        return true;
    }

    private void Close(string word, int offset, string statement)
    {
        if (!Continues(word, offset, statement))
        {
            _tokens.Next();
            throw _tokens.Unexpected($"'{word}'");
        }

        // "{% endset name %}" and its like are not Jinja; anything before the end of the block is an error.
        EndOfBlock();
    }

    private void EndOfBlock() => _tokens.Expect(TokenKind.BlockEnd, "'%}' or an operator");

    private EvaluationException NotClosed(int offset, string statement) =>
        _tokens.Wrong(offset, $"the block '{{% {statement} … %}}' is not closed", expected: $"'{{% end{statement} %}}'");
}
