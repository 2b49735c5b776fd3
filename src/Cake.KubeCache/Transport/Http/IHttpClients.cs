using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Http;

/// <summary>Clients for requests that this machine makes, or another one makes for it.</summary>
internal interface IHttpClients : IDisposable
{
    /// <summary>The client for a way of judging certificates and for proxies.</summary>
    /// <exception cref="KubeCacheException">A certificate file or a proxy is wrong (<see cref="ErrorKind.Input"/>).</exception>
    HttpClient Get(TlsProfile tls, ProxySettings proxy);
}
