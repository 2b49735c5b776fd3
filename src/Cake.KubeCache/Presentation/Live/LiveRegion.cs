using System.Text;

namespace Cake.KubeCache.Presentation.Live;

/// <summary>
/// A few lines at the bottom of a terminal that are drawn anew while ordinary output scrolls above them. It stands in for the
/// process' standard output: whatever anybody writes first takes the region away and then puts it back, so that no line is torn.
/// </summary>
/// <param name="terminal">The terminal.</param>
/// <param name="width">Its columns at the moment.</param>
internal sealed class LiveRegion(TextWriter terminal, Func<int> width) : TextWriter
{
    private readonly Lock _gate = new();
    private IReadOnlyList<string> _lines = [];
    private IReadOnlyList<string> _drawn = [];
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
    public override void Write(string? value) => Write(terminal, value);

    /// <summary>A writer for something else that ends on the same terminal, such as standard error: it takes the region away and puts it back as well.</summary>
    public TextWriter Beside(TextWriter other) => new Neighbour(this, other);

    /// <inheritdoc/>
    public override void Flush() => terminal.Flush();

    private void Write(TextWriter to, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        lock (_gate)
        {
            Erase();
            if (to != terminal)
            {
                terminal.Flush();
            }

            to.Write(value);
            to.Flush();
            _atLineStart = value[^1] == '\n';
            Redraw();
            terminal.Flush();
        }
    }

    // The cursor rests on the line below the region; ECMA-48: CPL (previous line), ED (erase to the end).
    private void Erase()
    {
        if (_drawn.Count > 0)
        {
            // Terminals that became narrower since have wrapped the lines.
            var columns = Math.Max(1, width());
            terminal.Write($"\x1b[{_drawn.Sum(l => Math.Max(1, (l.Length + columns - 1) / columns))}F\x1b[J");
            _drawn = [];
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

        _drawn = _lines;
    }

    private sealed class Neighbour(LiveRegion region, TextWriter other) : TextWriter
    {
        public override Encoding Encoding => other.Encoding;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

        public override void WriteLine(string? value) => Write(value + Environment.NewLine);

        public override void Write(string? value) => region.Write(other, value);

        public override void Flush() => other.Flush();
    }
}
