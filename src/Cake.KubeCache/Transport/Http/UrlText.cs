namespace Cake.KubeCache.Transport.Http;

/// <summary>URLs as they may be printed and kept: without user names, passwords and signed queries.</summary>
internal static class UrlText
{
    /// <summary>Scheme, host, port and path; a query is cut to <c>?…</c>, because blob stores sign there.</summary>
    public static string Of(Uri url) => url.IsFile ? url.LocalPath : $"{url.Scheme}://{url.Authority}{url.AbsolutePath}{(url.Query.Length > 1 ? "?…" : "")}";

    /// <summary>The same for a text that may be no URL.</summary>
    public static string Of(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? Of(uri) : url;

    /// <summary>The whole URL without user name and password.</summary>
    public static string WithoutCredentials(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0 ? new UriBuilder(uri) { UserName = "", Password = "" }.Uri.ToString() : url;
}
