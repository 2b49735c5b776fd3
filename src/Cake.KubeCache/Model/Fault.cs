using System.Text;

namespace Cake.KubeCache.Model;

/// <summary>One thing that is wrong, in the parts that every error message has.</summary>
/// <param name="What">What was attempted or what is wrong, with the artifact or node it concerns: one sentence without a full stop.</param>
public sealed record Fault(string What)
{
    /// <summary>File and line (or URL, or node) where it is; null when there is no such place.</summary>
    public SourcePosition? Where { get; init; }

    /// <summary>What was found.</summary>
    public string? Got { get; init; }

    /// <summary>What should have been found.</summary>
    public string? Expected { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Hint { get; init; }

    /// <summary>What lies behind it, where several faults may have one cause: those are told once.</summary>
    public string? Cause { get; init; }

    /// <summary>
    /// <c>where: what</c>, then <c>got</c>, <c>expected</c> and <c>hint</c> indented on lines of their own.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Where is not null)
        {
            text.Append(Where).Append(": ");
        }

        text.Append(What);
        Line("got", Got);
        Line("expected", Expected);
        Line("hint", Hint);
        return text.ToString();

        void Line(string label, string? value)
        {
            if (value is not null)
            {
                text.Append("\n  ").Append(label).Append(": ").Append(value);
            }
        }
    }
}
