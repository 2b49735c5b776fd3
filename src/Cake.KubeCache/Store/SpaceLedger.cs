using System.Globalization;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>
/// What downloads will still write, so that together they fit on the store's disk: everyone announces its bytes as soon as they are
/// known, and the free space must cover all that was announced and is not written yet. Thread-safe.
/// </summary>
/// <param name="layout">The store.</param>
internal sealed class SpaceLedger(StoreLayout layout)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Due> _due = new(StringComparer.Ordinal);

    /// <summary>Announces downloads before any of them begins. What is announced already by another is counted once.</summary>
    /// <param name="parts">Ids of the downloads (the hexadecimal digits of a SHA-256 where bytes are given), each with its bytes in all.</param>
    /// <param name="what">What they make, for the message.</param>
    /// <returns>To be disposed when nothing more is going to be written for it.</returns>
    /// <exception cref="KubeCacheException">Together with what others announced it does not fit (<see cref="ErrorKind.GiveUp"/>).</exception>
    public IDisposable Announce(IReadOnlyCollection<(string Id, long Bytes)> parts, string what)
    {
        lock (_gate)
        {
            var added = 0L;
            foreach (var (id, bytes) in parts)
            {
                if (!_due.TryGetValue(id, out var due))
                {
                    _due.Add(id, due = new Due { Size = bytes, Bytes = Missing(id, bytes) });
                    added += due.Bytes;
                }

                due.Holders++;
            }

            var announcement = new Announcement(this, [.. parts.Select(p => p.Id)]);
            try
            {
                Ensure(added, what);
                return announcement;
            }
            catch (KubeCacheException)
            {
                announcement.Dispose();
                throw;
            }
        }
    }

    /// <summary>A download knows how many bytes follow now.</summary>
    /// <param name="id">Its id; announced before.</param>
    /// <param name="remaining">Bytes that follow.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="KubeCacheException">They do not fit (<see cref="ErrorKind.GiveUp"/>).</exception>
    public void Expect(string id, long remaining, string what)
    {
        lock (_gate)
        {
            (_due[id].Bytes, _due[id].Begun) = (remaining, true);
            Ensure(remaining, what);
        }
    }

    /// <summary>Bytes of a download were written.</summary>
    public void Written(string id, long bytes)
    {
        lock (_gate)
        {
            var due = _due[id];
            due.Bytes = Math.Max(0, due.Bytes - bytes);
        }
    }

    private void Ensure(long bytes, string what)
    {
        if (bytes <= 0 || FreeSpace.Of(layout.Root) is not { } free || free >= _due.Values.Sum(d => d.Bytes))
        {
            return;
        }

        // Another process may have brought part of it since it was announced.
        foreach (var (id, due) in _due.Where(d => !d.Value.Begun))
        {
            due.Bytes = Missing(id, due.Size);
        }

        var all = _due.Values.Sum(d => d.Bytes);
        if (free < all)
        {
            var others = all - bytes;
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"{what} does not fit on the cache's disk")
            {
                Where = new SourcePosition(layout.Root),
                Got = string.Create(CultureInfo.InvariantCulture, $"{free} bytes free{(others > 0 ? $", {others} of them for downloads under way" : "")}"),
                Expected = string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
                Hint = "free some space (Prune removes what no plan uses), or name another folder (--cache)",
            });
        }
    }

    private long Missing(string id, long size)
    {
        if (size == 0 || File.Exists(layout.Blob(Digest.Sha256(id))))
        {
            return 0;
        }

        var unfinished = new FileInfo(layout.Partial(id));
        return Math.Max(0, size - (unfinished.Exists ? unfinished.Length : 0));
    }

    private void Leave(string id)
    {
        lock (_gate)
        {
            if (--_due[id].Holders == 0)
            {
                _due.Remove(id);
            }
        }
    }

    private sealed class Due
    {
        /// <summary>In all.</summary>
        public required long Size { get; init; }

        /// <summary>Whether this process writes it: then <see cref="Bytes"/> is kept up to date.</summary>
        public bool Begun { get; set; }

        /// <summary>Not written yet.</summary>
        public long Bytes { get; set; }

        public int Holders { get; set; }
    }

    private sealed class Announcement(SpaceLedger ledger, IReadOnlyList<string> ids) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                foreach (var id in ids)
                {
                    ledger.Leave(id);
                }
            }
        }
    }
}
