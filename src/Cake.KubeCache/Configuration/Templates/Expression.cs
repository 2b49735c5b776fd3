namespace Cake.KubeCache.Configuration.Templates;

/// <summary>A node of an expression's tree.</summary>
/// <param name="Offset">Where it begins in the template.</param>
internal abstract record Expression(int Offset);

internal sealed record ConstantExpression(int Offset, object? Value) : Expression(Offset);

internal sealed record NameExpression(int Offset, string Name) : Expression(Offset);

/// <summary><c>[a, b]</c> or <c>(a, b)</c>.</summary>
internal sealed record ListExpression(int Offset, IReadOnlyList<Expression> Items, bool IsTuple) : Expression(Offset);

internal sealed record MappingExpression(int Offset, IReadOnlyList<(Expression Key, Expression Value)> Entries) : Expression(Offset);

/// <summary><c>not</c>, <c>-</c> or <c>+</c>.</summary>
internal sealed record UnaryExpression(int Offset, string Symbol, Expression Operand) : Expression(Offset);

/// <summary>Arithmetic, <c>and</c>, <c>or</c>.</summary>
internal sealed record BinaryExpression(int Offset, string Symbol, Expression Left, Expression Right) : Expression(Offset);

/// <summary><c>a ~ b ~ c</c>.</summary>
internal sealed record ConcatExpression(int Offset, IReadOnlyList<Expression> Parts) : Expression(Offset);

/// <summary><c>a &lt; b in c</c>: each pair holds.</summary>
internal sealed record ComparisonExpression(int Offset, Expression First, IReadOnlyList<(string Symbol, Expression Operand)> Rest) : Expression(Offset);

/// <summary><c>a if b else c</c>; without else it is undefined where <c>b</c> is false.</summary>
internal sealed record ConditionalExpression(int Offset, Expression Condition, Expression Then, Expression? Otherwise) : Expression(Offset);

/// <summary><c>a.name</c>.</summary>
internal sealed record AttributeExpression(int Offset, Expression Target, string Name) : Expression(Offset);

/// <summary><c>a[key]</c>.</summary>
internal sealed record SubscriptExpression(int Offset, Expression Target, Expression Key) : Expression(Offset);

/// <summary><c>a[start:stop:step]</c>.</summary>
internal sealed record SliceExpression(int Offset, Expression Target, Expression? Start, Expression? Stop, Expression? Step) : Expression(Offset);

internal sealed record CallExpression(int Offset, Expression Target, ArgumentList Arguments) : Expression(Offset);

/// <summary><c>a | name(arguments)</c>; a filter block has no input of its own.</summary>
internal sealed record FilterExpression(int Offset, Expression Input, string Name, ArgumentList Arguments) : Expression(Offset);

/// <summary><c>a is name(arguments)</c>.</summary>
internal sealed record TestExpression(int Offset, Expression Input, string Name, ArgumentList Arguments) : Expression(Offset);

/// <summary>What stands between the parentheses of a call.</summary>
internal sealed record ArgumentList(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static ArgumentList None { get; } = new([], []);
}
