using System.Text;

namespace Cake.KubeCache.Presentation.Live;

/// <summary>
/// A few lines at the bottom of a terminal that are drawn anew while ordinary output scrolls above them. It stands in for the
/// process' standard output: whatever anybody writes first takes the region away and then puts it back, so that no line is torn.
/// </summary>
internal sealed class LiveRegion(TextWriter terminal) : TextWriter
{
    private readonly Lock _gate = new();
    private IReadOnlyList<string> _lines = [];
    private int _drawn;
    private bool _atLineStart = true;

    /// <inheritdoc/>
    public override Encoding Encoding => terminal.Encoding;

    /// <summary>Shows these lines instead of the last ones. Lines must fit the terminal's width.</summary>
    public void Draw(IReadOnlyList<string> lines)
    {
        lock (_gate)
        {
            Erase();
            _lines = lines;
            Redraw();
            terminal.Flush();
        }
    }

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + Environment.NewLine);

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        lock (_gate)
        {
            Erase();
            terminal.Write(value);
            _atLineStart = value[^1] == '\n';
            Redraw();
            terminal.Flush();
        }
    }

    /// <inheritdoc/>
    public override void Flush() => terminal.Flush();

    // The cursor rests on the line below the region; ECMA-48: CPL (previous line), ED (erase to the end).
    private void Erase()
    {
        if (_drawn > 0)
        {
            terminal.Write($"\x1b[{_drawn}F\x1b[J");
            _drawn = 0;
        }
    }

    // Not in the middle of somebody's line: the region waits until that line ends.
    private void Redraw()
    {
        if (!_atLineStart)
        {
            return;
        }

        foreach (var line in _lines)
        {
            terminal.Write(line);
            terminal.Write('\n');
        }

        _drawn = _lines.Count;
    }
}
