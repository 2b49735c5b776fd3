using Cake.KubeCache.Presentation.Live;
using Shouldly;

namespace Cake.KubeCache.Tests.Presentation;

public sealed class LiveRegionTests : IDisposable
{
    private readonly StringWriter _terminal = new();
    private readonly LiveRegion _region;
    private int _width = 80;

    public LiveRegionTests() => _region = new LiveRegion(_terminal, () => _width);

    public void Dispose()
    {
        _region.Dispose();
        _terminal.Dispose();
    }

    [Fact]
    public void What_others_write_stands_above_the_region()
    {
        _region.Draw(["bar 1", "bar 2"]);
        _region.WriteLine("log line");

        Screen().ShouldBe(["log line", "bar 1", "bar 2"]);
    }

    [Fact]
    public void The_region_waits_until_a_line_that_is_being_written_ends()
    {
        _region.Draw(["bar"]);
        _region.Write("half a ");
        Screen().ShouldBe(["half a "]);
        _region.Draw(["bar at 50 %"]);
        _region.Write("line\n");

        Screen().ShouldBe(["half a line", "bar at 50 %"]);
    }

    [Fact]
    public void An_empty_region_leaves_nothing()
    {
        _region.Draw(["bar"]);
        _region.Draw([]);
        _region.WriteLine("last");

        Screen().ShouldBe(["last"]);
    }

    [Fact]
    public void What_goes_to_standard_error_stands_above_the_region_too()
    {
        _region.Draw(["bar 1", "bar 2"]);
        _region.Beside(_terminal).WriteLine("error");

        Screen().ShouldBe(["error", "bar 1", "bar 2"]);
    }

    [Fact]
    public void Lines_that_a_narrower_terminal_has_wrapped_are_taken_away_whole()
    {
        _region.WriteLine("log line");
        _region.Draw([new string('a', 50), new string('b', 20)]);
        _width = 20;
        _region.Draw(["bar"]);

        _terminal.ToString().ShouldEndWith("\x1b[4F\x1b[Jbar\n");
    }

    // What a terminal shows of the text, as far as the region's two control sequences go.
    private List<string> Screen()
    {
        var lines = new List<string> { "" };
        var text = _terminal.ToString();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\x1b')
            {
                var end = text.IndexOfAny(['F', 'J'], i);
                if (text[end] == 'F')
                {
                    lines.RemoveRange(lines.Count - 1 - int.Parse(text[(i + 2)..end]), int.Parse(text[(i + 2)..end]) + 1);
                    lines.Add("");
                }

                i = end;
            }
            else if (text[i] == '\n')
            {
                lines.Add("");
            }
            else if (text[i] != '\r')
            {
                lines[^1] += text[i];
            }
        }

        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
