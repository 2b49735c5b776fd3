using System.Runtime.CompilerServices;
using System.Text;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>
/// Runs a template with the typing rules of Ansible 2.14 without native types: the result is a text, unless it is a bare
/// <c>{{ name }}</c> of a variable defined as a number or bool, or its text is <c>True</c> or <c>False</c>, or begins with
/// <c>{</c> or <c>[</c> and reads as a literal.
/// </summary>
internal sealed class Renderer
{
    /// <summary>The name under which the body of a set or filter block is filtered; no template can write it.</summary>
    public const string BodyName = "(body)";

    private readonly Template _template;
    private readonly Evaluator _evaluator;
    private readonly StringBuilder _text = new();
    private object? _only;
    private int _parts;
    private bool _onlyIsText;

    private Renderer(Template template, IScope scope) => (_template, _evaluator) = (template, new Evaluator(template.Source, scope));

    /// <summary>The value of a template.</summary>
    /// <exception cref="EvaluationException">It cannot be evaluated; with the place.</exception>
    public static object? Render(TemplateText text, IScope scope)
    {
        var template = text.Parsed;
        if (template.SingleName is { } name && scope.TryDefinition(name, out var definition) && (definition is null || PythonNumber.IsNumber(definition)))
        {
            // Read through the scope all the same, which keeps account of what was read.
            scope.TryResolve(name, out var value);
            return value;
        }

        try
        {
            var renderer = new Renderer(template, scope);
            renderer.Run(template.Body, new Frame(null));
            return renderer.Result();
        }
        catch (InsufficientExecutionStackException exception)
        {
            throw new EvaluationException(EvaluationFailure.Invalid, new Fault("the expression is nested too deeply") { Where = text.Where }, exception);
        }
    }

    private object? Result()
    {
        if (_parts == 1 && _only is Mapping or Sequence { IsTuple: false })
        {
            return _only;
        }

        var text = _text.ToString();
        if (_parts == 1 && _onlyIsText)
        {
            return text;
        }

        if (text is "True" or "False")
        {
            return text == "True";
        }

        if (text.Length > 0 && text[0] is '{' or '[' && PythonLiteral.TryParse(text, json: true, out var literal))
        {
            return literal;
        }

        // Jinja drops one newline at the end of a template; Ansible puts back what the text ended with.
        var ending = text.Length - text.TrimEnd('\n').Length;
        return _template.TrailingNewlines > ending ? text + new string('\n', _template.TrailingNewlines - ending) : text;
    }

    private void Write(object? value)
    {
        _parts++;
        _only = value;
        _text.Append(value is null ? "" : value is string text ? text : PythonText.Str(value));
    }

    private void Run(IReadOnlyList<Statement> body, Frame frame)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (var statement in body)
        {
            try
            {
                Run(statement, frame);
            }
            catch (EvaluationException exception) when (exception.Fault.Where is null)
            {
                throw exception.At(_template.Source.At(statement.Offset));
            }
        }
    }

    private void Run(Statement statement, Frame frame)
    {
        switch (statement)
        {
            case DataStatement data:
                Write(data.Text);
                break;
            case OutputStatement output:
                Write(_evaluator.Evaluate(output.Value, frame));
                _onlyIsText = output.Value is FilterExpression filter && FilterTable.MakesText(filter.Name);
                break;
            case IfStatement choice:
                // Jinja's if opens no scope: what it sets is visible after it.
                Run(choice.Branches.FirstOrDefault(b => PythonTruth.Of(_evaluator.Evaluate(b.Condition, frame))).Body ?? choice.Otherwise, frame);
                break;
            case ForStatement loop:
                Loop(loop, frame);
                break;
            case SetStatement set:
                Set(set, frame);
                break;
            case SetBlockStatement set:
                frame.Set(set.Target, Filtered(set.Body, set.Value, frame));
                break;
            case FilterStatement block:
                Write(Filtered(block.Body, block.Value, frame));
                break;
            case WithStatement with:
                var inner = new Frame(frame);
                foreach (var (target, value) in with.Bindings)
                {
                    inner.Set(target, _evaluator.Evaluate(value, frame));
                }

                Run(with.Body, inner);
                break;
        }
    }

    private void Loop(ForStatement loop, Frame frame)
    {
        var items = new List<object?>();
        foreach (var item in PythonOperators.Iterate(_evaluator.Evaluate(loop.Header.Items, frame)))
        {
            var candidate = new Frame(frame);
            Assign(loop.Header.Targets, item, candidate);
            if (loop.Header.Condition is null || PythonTruth.Of(_evaluator.Evaluate(loop.Header.Condition, candidate)))
            {
                items.Add(item);
            }
        }

        for (var i = 0; i < items.Count; i++)
        {
            var inner = new Frame(frame);
            Assign(loop.Header.Targets, items[i], inner);
            inner.Set("loop", LoopVariable.At(items, i));
            Run(loop.Body, inner);
        }

        if (items.Count == 0)
        {
            Run(loop.Otherwise, new Frame(frame));
        }
    }

    private void Set(SetStatement set, Frame frame)
    {
        var value = _evaluator.Evaluate(set.Value, frame);
        if (set.Attribute is null)
        {
            Assign(set.Targets, value, frame);
        }
        else if (frame.TryGet(set.Targets[0], out var target) && target is Mapping { IsShared: false } space)
        {
            space[set.Attribute] = value;
        }
        else
        {
            throw EvaluationException.Invalid($"'{set.Targets[0]}' is no namespace");
        }
    }

    private static void Assign(IReadOnlyList<string> targets, object? value, Frame frame)
    {
        if (targets.Count == 1)
        {
            frame.Set(targets[0], Sharing.Own(value));
            return;
        }

        var parts = PythonOperators.Iterate(value).ToList();
        if (parts.Count != targets.Count)
        {
            throw EvaluationException.Invalid($"{parts.Count} values cannot be given to {targets.Count} names");
        }

        for (var i = 0; i < parts.Count; i++)
        {
            frame.Set(targets[i], parts[i]);
        }
    }

    private object? Filtered(IReadOnlyList<Statement> body, Expression value, Frame frame)
    {
        var start = _text.Length;
        var (parts, only) = (_parts, _only);
        var inner = new Frame(frame);
        Run(body, inner);
        inner.Set(BodyName, _text.ToString(start, _text.Length - start));
        _text.Length = start;
        (_parts, _only) = (parts, only);
        return _evaluator.Evaluate(value, inner);
    }
}
