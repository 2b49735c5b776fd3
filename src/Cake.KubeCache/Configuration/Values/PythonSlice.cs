namespace Cake.KubeCache.Configuration.Values;

/// <summary>Python's subscripts by position and by slice.</summary>
internal static class PythonSlice
{
    /// <summary>The item at a position; negative positions count from the end. False when there is none.</summary>
    public static bool TryAt(object? value, long position, out object? item)
    {
        var length = value switch { Sequence s => s.Count, string t => t.Length, _ => 0 };
        var at = position < 0 ? position + length : position;
        var found = at >= 0 && at < length;
        item = !found ? null : value is Sequence sequence ? sequence[(int)at] : ((string)value!)[(int)at].ToString();
        return found;
    }

    /// <summary><c>value[start:stop:step]</c>.</summary>
    public static object? Of(object? value, object? start, object? stop, object? step)
    {
        PythonOperators.Defined(value);
        var length = value switch
        {
            Sequence s => s.Count,
            string t => t.Length,
            _ => throw EvaluationException.Invalid($"{PythonText.Describe(value)} cannot be sliced"),
        };
        var by = step is null ? 1 : PythonNumber.ToLong(step);
        if (by == 0)
        {
            throw EvaluationException.Invalid("a slice's step cannot be zero");
        }

        var from = Bound(start, by > 0 ? 0 : length - 1, length, by);
        var to = Bound(stop, by > 0 ? length : -1, length, by);
        var positions = new List<int>();
        for (var i = from; by > 0 ? i < to : i > to; i += by)
        {
            positions.Add((int)i);
        }

        return value is string text
            ? string.Concat(positions.Select(i => text[i]))
            : new Sequence(positions.Select(i => ((Sequence)value)[i]), ((Sequence)value).IsTuple);
    }

    private static long Bound(object? bound, long otherwise, long length, long step)
    {
        if (bound is null)
        {
            return otherwise;
        }

        var at = PythonNumber.ToLong(bound);
        at = at < 0 ? at + length : at;
        return step > 0 ? Math.Clamp(at, 0, length) : Math.Clamp(at, -1, length - 1);
    }
}
