using Cake.KubeCache.Model;

namespace Cake.KubeCache.Sources;

/// <summary>Adds up the transfers of one artifact for whoever watches it as a whole.</summary>
internal sealed class ProgressParts(ITransferProgress whole)
{
    private long _expected;

    /// <summary>A part of which so many bytes are expected.</summary>
    public ITransferProgress Part(long expected)
    {
        var part = new PartProgress(this);
        part.Expect(expected);
        return part;
    }

    private sealed class PartProgress(ProgressParts parts) : ITransferProgress
    {
        private long _expected;

        public void Advance(long bytes) => parts.Whole.Advance(bytes);

        public void Expect(long bytes)
        {
            var change = bytes - Interlocked.Exchange(ref _expected, bytes);
            parts.Whole.Expect(Interlocked.Add(ref parts._expected, change));
        }

        public void Say(string line) => parts.Whole.Say(line);
    }

    private ITransferProgress Whole => whole;
}
