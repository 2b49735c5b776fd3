using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cake.KubeCache.Tests.Sources;

/// <summary>A real HTTP server on an ephemeral loopback port that notes every request.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackServer(WebApplication app) => _app = app;

    public ConcurrentQueue<SeenRequest> Requests { get; } = [];

    public string Url { get; private set; } = "";

    public string Host => new Uri(Url).Authority;

    public IEnumerable<SeenRequest> RequestsTo(string path) => Requests.Where(r => r.Path == path);

    public static async Task<LoopbackServer> StartAsync(RequestDelegate handler, Action<ListenOptions>? listen = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.Listen(IPAddress.Loopback, 0, l => listen?.Invoke(l));
            o.Limits.MinResponseDataRate = null;
            o.AllowSynchronousIO = true;
        });
        if (listen is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        var app = builder.Build();
        var server = new LoopbackServer(app);
        app.Run(context =>
        {
            server.Requests.Enqueue(new SeenRequest(context.Request.Method, context.Request.Path.Value!, context.Request.QueryString.Value ?? "", context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            return handler(context);
        });
        await app.StartAsync();
        server.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
    }
}

internal sealed record SeenRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers)
{
    public string? this[string header] => Headers.GetValueOrDefault(header);
}
