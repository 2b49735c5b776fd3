namespace Cake.KubeCache.Sources.Archives;

/// <summary>The files of an image archive by their name in it, whatever holds them.</summary>
internal interface IArchiveFiles : IDisposable
{
    /// <summary>Opens a file for reading; null when there is none of that name. The caller disposes it.</summary>
    Stream? Open(string name);
}
