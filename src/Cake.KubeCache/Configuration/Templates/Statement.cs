namespace Cake.KubeCache.Configuration.Templates;

/// <summary>A part of a template's body.</summary>
/// <param name="Offset">Where it begins in the template.</param>
internal abstract record Statement(int Offset);

internal sealed record DataStatement(int Offset, string Text) : Statement(Offset);

/// <summary><c>{{ expression }}</c>.</summary>
internal sealed record OutputStatement(int Offset, Expression Value) : Statement(Offset);

/// <summary><c>{% if %}</c> with its <c>elif</c> branches and its <c>else</c>.</summary>
internal sealed record IfStatement(int Offset, IReadOnlyList<(Expression Condition, IReadOnlyList<Statement> Body)> Branches, IReadOnlyList<Statement> Otherwise) : Statement(Offset);

/// <summary><c>{% for a, b in items if condition %}</c> with its <c>else</c>.</summary>
internal sealed record ForStatement(int Offset, ForHeader Header, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Otherwise) : Statement(Offset);

/// <summary>The loop's own line.</summary>
internal sealed record ForHeader(IReadOnlyList<string> Targets, Expression Items, Expression? Condition);

/// <summary><c>{% set a = value %}</c>, <c>{% set a, b = value %}</c> or <c>{% set ns.a = value %}</c>.</summary>
internal sealed record SetStatement(int Offset, IReadOnlyList<string> Targets, string? Attribute, Expression Value) : Statement(Offset);

/// <summary><c>{% set a %}body{% endset %}</c>; filters are applied to the body's text.</summary>
internal sealed record SetBlockStatement(int Offset, string Target, Expression Value, IReadOnlyList<Statement> Body) : Statement(Offset);

/// <summary><c>{% filter name %}body{% endfilter %}</c>.</summary>
internal sealed record FilterStatement(int Offset, Expression Value, IReadOnlyList<Statement> Body) : Statement(Offset);

/// <summary><c>{% with a = 1 %}body{% endwith %}</c>.</summary>
internal sealed record WithStatement(int Offset, IReadOnlyList<(string Target, Expression Value)> Bindings, IReadOnlyList<Statement> Body) : Statement(Offset);
