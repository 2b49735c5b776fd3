namespace Cake.KubeCache.Configuration.Values;

/// <summary>Python's <c>==</c> and hash over values: numbers and bools compare by value, containers by content.</summary>
internal sealed class PythonEquality : IEqualityComparer<object?>
{
    public static PythonEquality Instance { get; } = new();

    bool IEqualityComparer<object?>.Equals(object? x, object? y) => AreEqual(x, y);

    public int GetHashCode(object? obj) => obj switch
    {
        null => 0,
        string text => text.GetHashCode(StringComparison.Ordinal),
        bool flag => flag ? 1.0.GetHashCode() : 0.0.GetHashCode(),
        long number => ((double)number).GetHashCode(),
        Sequence sequence => sequence.Count,
        Mapping mapping => mapping.Count,
        _ => obj.GetHashCode(),
    };

    /// <summary>Whether two values are equal.</summary>
    /// <exception cref="EvaluationException">One of them is undefined.</exception>
    public static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (Undefined { IsLenient: true }, _) or (_, Undefined { IsLenient: true }) => left is Undefined && right is Undefined,
        (Undefined undefined, _) => throw new EvaluationException(EvaluationFailure.Undefined, undefined.Fault),
        (_, Undefined undefined) => throw new EvaluationException(EvaluationFailure.Undefined, undefined.Fault),
        (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
        (long a, long b) => a == b,
        (bool or long or double, bool or long or double) => PythonNumber.ToDouble(left) == PythonNumber.ToDouble(right),
        (Sequence a, Sequence b) => a.IsTuple == b.IsTuple && a.Count == b.Count && a.Zip(b).All(p => AreEqual(p.First, p.Second)),
        (Mapping a, Mapping b) => a.Count == b.Count && a.All(e => b.TryGet(e.Key, out var other) && AreEqual(e.Value, other)),
        _ => Equals(left, right),
    };
}
